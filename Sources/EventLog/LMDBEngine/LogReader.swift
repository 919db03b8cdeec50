internal import Glibc
internal import LMDB

/// A log that is only read, also beside a server in another process that goes on writing it.
///
/// It changes nothing: not the events, nor the head file. Only LMDB's table of readers, `lock.mdb`, is written (and made,
/// if the directory has none), so that the writer keeps the pages that are being read. Every call sees the newest
/// durable state of its own moment.
///
/// Not for a directory that this process has open already: LMDB's locks belong to the process, and closing the reader
/// would drop the writer's. There the ``LMDBEventLog`` itself is the ``LogSource``.
public final class LogReader: LogSource {
    let environment: Environment
    let tables: LogTables

    let hasChain: Bool

    public let identity: [UInt8]

    /// Opens the log in a directory.
    ///
    /// - Throws: ``LogOpeningError`` when there is none or it may not be read; ``LogCorruption`` when it is damaged or does
    ///   not reach what its head file names; `LMDBError`.
    public init(directory: String) throws {
        try Self.checkAccess(directory)
        let headFile = try HeadFile(path: directory + "/head", readOnly: true)
        // Before the log's head: a server that goes on writing would otherwise seem to have lost events.
        let noted = try headFile.read()
        let environment: Environment
        let tables: LogTables
        do {
            environment = try Environment(
                path: directory, mapSize: 0, tableLimit: 8, durability: .everyCommit, readOnly: true)
            tables = try LogTables(environment)
        } catch let error as LMDBError where error.isMissingTable {
            guard noted == nil else { throw LogCorruption.tablesAreGone(from: directory) }
            throw LogOpeningError.unfinished(directory: directory)
        } catch let error as LMDBError where error.isCorruption {
            throw LogCorruption(position: 0, problem: "\(error); restore a backup")
        }
        guard let state = try environment.read({ try LogState($0, tables, in: directory) }) else {
            guard noted == nil else { throw LogCorruption.tablesAreGone(from: directory) }
            throw LogOpeningError.unfinished(directory: directory)
        }
        try headFile.check(noted, against: state.head)
        self.environment = environment
        self.tables = tables
        identity = state.identity
        hasChain = state.format != .first
    }

    public var head: LogHead {
        get throws { try environment.read { try $0.logHead(tables) } }
    }

    /// The value of the hash chain at the newest durable event; computed from all records where the log is of the first
    /// format, which has no chain of its own.
    public var chainHead: ChainHead {
        get throws { try environment.read { try chainHead($0) } }
    }

    public func read(after position: Position, limit: Int, _ body: (RecordView) throws -> Void) throws -> Int {
        try environment.read { transaction in
            let last = try transaction.logHead(tables).position
            return try transaction.lendRecords(after: position, limit: limit, until: last, tables, body)
        }
    }

    public func withRecord<Result>(at position: Position, _ body: (RecordView) throws -> Result) throws -> Result? {
        try environment.read { try $0.withRecord(at: position, tables, body) }
    }

    public func withRecords(at positions: [Position], _ body: (RecordView) throws -> Void) throws {
        try environment.read { try $0.withRecords(at: positions, tables, body) }
    }

    func chainHead(_ transaction: borrowing ReadTransaction) throws -> ChainHead {
        let head = try transaction.logHead(tables).position
        guard !hasChain else { return try transaction.chainHead(at: head, identity: identity, tables) }
        var chain = ChainHead(position: 0, hash: ChainHash(identity: identity))
        _ = try transaction.lendRecords(after: 0, limit: .max, until: head, tables) { chain.append($0) }
        return chain
    }

    /// Looks at the files before LMDB does, whose errors name only the directory.
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
        // On a file system that is read-only nobody writes, and LMDB does without its table of readers.
        let table = access(lock, F_OK) == 0 ? lock : directory
        guard access(table, W_OK) == 0 || errno == EROFS else {
            throw LogOpeningError.denied(path: lock, errno: errno)
        }
    }
}
