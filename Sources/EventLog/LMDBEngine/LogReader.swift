internal import Glibc
internal import LMDB

/// A log that is only read. A server in another process may go on writing it.
///
/// It changes neither the events nor the head file. It writes only LMDB's table of readers, `lock.mdb` (and makes it,
/// if it is missing), so that the writer keeps the pages that are being read. Every call sees the newest durable state.
///
/// Do not use it for a directory that this process has open already: LMDB's locks belong to the process, and closing
/// the reader would drop the writer's locks. In that case the ``LMDBEventLog`` itself is the ``LogSource``.
public final class LogReader: LogSource {
    let environment: Environment
    var directory: String { environment.path }

    public let identity: [UInt8]

    /// Opens the log in a directory.
    ///
    /// - Throws: ``LogOpeningError`` when there is no log or it may not be read; ``LogCorruption`` when it is damaged
    ///   or ends before the position in its head file; `LMDBError`.
    public init(directory: String) throws {
        try Self.checkAccess(directory)
        let headFile = try HeadFile(path: directory + "/head", readOnly: true)
        // This comes before the log's head. Otherwise a server that goes on writing would seem to have lost events.
        let noted = try headFile.read()
        let environment = try Environment.ofLog(
            directory, mapSize: 0, durability: .everyCommit, readOnly: true)
        guard let state = try LogState.read(environment) else {
            guard noted == nil else { throw LogCorruption.tablesAreGone(from: directory) }
            throw LogOpeningError.unfinished(directory: directory)
        }
        try headFile.check(noted, against: state.head)
        self.environment = environment
        identity = state.identity
    }

    public var head: LogHead {
        get throws { try environment.readLog { $0.head } }
    }

    public var chainHead: ChainHead {
        get throws { try environment.readLog { try $0.chainHead(identity: identity) } }
    }

    public func read(after position: Position, limit: Int, _ body: (RecordView) throws -> Void) throws -> Int {
        try environment.readLog { try $0.lendRecords(after: position, limit: limit, until: $0.head.position, body) }
    }

    public func withRecord<Result>(at position: Position, _ body: (RecordView) throws -> Result) throws -> Result? {
        try environment.readLog { try $0.withRecord(at: position, body) }
    }

    public func withRecords(at positions: [Position], _ body: (RecordView) throws -> Void) throws {
        try environment.readLog { try $0.withRecords(at: positions, body) }
    }

    /// Checks the files before LMDB does, because LMDB's errors name only the directory.
    private static func checkAccess(_ directory: String) throws {
        let (head, data, lock) = (directory + "/head", directory + "/data.mdb", directory + "/lock.mdb")
        var status = stat()
        guard stat(data, &status) == 0, status.st_size > 0 else {
            guard status.st_ino != 0 || errno == ENOENT else { throw LogOpeningError.denied(path: data, errno: errno) }
            guard access(head, F_OK) == 0 else { throw LogOpeningError.missing(directory: directory) }
            guard try HeadFile(path: head, readOnly: true).read() == nil else {
                throw LogCorruption.tablesAreGone(from: directory)
            }
            throw LogOpeningError.unfinished(directory: directory)
        }
        guard access(data, R_OK) == 0 else { throw LogOpeningError.denied(path: data, errno: errno) }
        // Nobody writes to a read-only file system, and LMDB needs no table of readers there.
        let table = access(lock, F_OK) == 0 ? lock : directory
        guard access(table, W_OK) == 0 || errno == EROFS else {
            throw LogOpeningError.denied(path: lock, errno: errno)
        }
    }
}

/// A log at one moment. Later writes do not change it. Lent by ``LogReader/withSnapshot(_:)``.
///
/// Keep it short. While it lives, a server cannot use the pages again that it sees, and the file grows.
public struct LogSnapshot: ~Copyable {
    /// The value of the hash chain at the newest event.
    public let chainHead: ChainHead
    private let pages: LogPages

    init(_ environment: Environment, identity: [UInt8]) throws {
        let pages = try LogPages(environment)
        let chainHead = try pages.chainHead(identity: identity)
        self.chainHead = chainHead
        self.pages = pages
    }

    /// The newest event of the moment.
    public var head: LogHead { pages.head }

    /// Lends the records after a position, in order, at most `limit` of them, as ``LogSource/read(after:limit:_:)``
    /// does.
    public func read(after position: Position, limit: Int, _ body: (RecordView) throws -> Void) throws -> Int {
        try pages.lendRecords(after: position, limit: limit, until: head.position, body)
    }

    /// Lends the remembered answers to commands that made no event, in the order of their keys.
    ///
    /// These answers are all that a log holds beside its records. Everything else can be made from the records. This
    /// reads the whole table of commands.
    public func readAnswers(_ body: (RememberedAnswer) throws -> Void) throws {
        guard var cursor = try pages.cursor("commands") else { return }
        while let row = try cursor.next() {
            if let answer = try RememberedAnswer(row.key, row.value) { try body(answer) }
        }
    }
}

extension LogReader {
    /// Lends the log at one moment.
    ///
    /// `body` must not call the reader.
    public func withSnapshot<Result>(_ body: (borrowing LogSnapshot) throws -> Result) throws -> Result {
        try environment.withLogErrors { try body(LogSnapshot(environment, identity: identity)) }
    }
}
