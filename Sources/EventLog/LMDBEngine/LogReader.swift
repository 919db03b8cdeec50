internal import Glibc
internal import Journal
internal import LMDB

/// A log that is only read. A server in another process may go on writing it.
///
/// It shows the tables and, behind them, the frames of the journal that are not in the tables yet. It changes neither
/// the events nor the head file. It writes only LMDB's table of readers, `lock.mdb` (and makes it, if it is missing), so
/// that the writer keeps the pages that are being read. Every call sees the newest durable state: beside a writer all
/// that was acknowledged, and nothing that a power cut could take back; elsewhere all that an opening would find.
///
/// Do not use it for a directory that this process has open already: LMDB's locks belong to the process, and closing
/// the reader would drop the writer's locks. In that case the ``LMDBEventLog`` itself is the ``LogSource``.
public final class LogReader: LogSource {
    private let environment: Environment
    private let headFile: HeadFile
    private let tails: TailReader

    public let identity: [UInt8]

    /// Opens the log in a directory.
    ///
    /// - Parameter forCheck: whether a damaged journal is left to ``LogCheck``, which then finds out about the tables too.
    /// - Throws: ``LogOpeningError`` when there is no log or it may not be read; ``LogCorruption`` when it or its journal
    ///   is damaged, or both together end before the position in the head file; `LMDBError`, `FileError`.
    public init(directory: String, forCheck: Bool = false) throws {
        try Self.checkAccess(directory)
        headFile = try HeadFile(path: directory + "/head", readOnly: true)
        // This comes before the log's identity, which is written first.
        let noted = try headFile.read()
        environment = try Environment.ofLog(directory, mapSize: 0, durability: .everyCommit, readOnly: true)
        guard let state = try LogState.read(environment) else {
            guard noted == nil else { throw LogCorruption.tablesAreGone(from: directory) }
            throw LogOpeningError.unfinished(directory: directory)
        }
        identity = state.identity
        tails = TailReader(directory: directory, identity: state.identity, headFile)
        try withNewest(passesOverDamage: forCheck) { snapshot in
            guard snapshot.isShort else { return }
            throw headFile.leads(snapshot.noted, over: snapshot.head.position)
        }
    }

    public var head: LogHead {
        get throws { try withNewest { $0.head } }
    }

    /// The newest account that was registered with a key of its own; 0 if there is none.
    public var newestKey: UInt64 {
        get throws { try withNewest { max(try $0.pages.newestKey(), try $0.tail.newestKey()) } }
    }

    public var chainHead: ChainHead {
        get throws { try withNewest { $0.chainHead } }
    }

    public func read(after position: Position, limit: Int, _ body: (RecordView) throws -> Void) throws -> Int {
        guard limit > 0 else { return 0 }
        let count: Int? = try environment.readLog { pages in
            let last = pages.head.position
            guard position < last, last - position >= UInt64(limit) else { return nil }
            return try pages.lendRecords(after: position, limit: limit, until: last, body)
        }
        return try count ?? withNewest { try $0.read(after: position, limit: limit, body) }
    }

    public func withRecord<Result>(at position: Position, _ body: (RecordView) throws -> Result) throws -> Result? {
        if let result = try environment.readLog({ try $0.withRecord(at: position, body) }) { return result }
        return try withNewest { try $0.withRecord(at: position, body) }
    }

    public func withRecords(at positions: [Position], _ body: (RecordView) throws -> Void) throws {
        let newest = positions.max() ?? 0
        let isDone = try environment.readLog { pages in
            guard newest <= pages.head.position else { return false }
            try pages.withRecords(at: positions, body)
            return true
        }
        if !isDone { try withNewest { try $0.withRecords(at: positions, body) } }
    }

    /// Lends the log at one moment.
    ///
    /// `body` must not call the reader.
    public func withSnapshot<Result>(_ body: (borrowing LogSnapshot) throws -> Result) throws -> Result {
        try withNewest(answers: true, body)
    }

    /// Lends the log at the newest moment.
    ///
    /// - Parameters:
    ///   - answers: whether the snapshot must have the answers that the tables do not hold yet.
    ///   - passesOverDamage: whether the log is lent all the same where its journal is damaged (then as far as its tables
    ///     reach), or where it ends before the position in its head file.
    ///   - body: must not call the reader. It runs at most once.
    func withNewest<Result>(
        answers: Bool = false, passesOverDamage: Bool = false, _ body: (borrowing LogSnapshot) throws -> Result
    ) throws -> Result {
        var attempt = 0
        while true {
            attempt += 1
            let sight = try tails.look(opening: answers || attempt > 1)
            let result: Result? = try environment.withLogErrors {
                let pages = try LogPages(environment)
                let chain = try pages.chainHead(identity: identity)
                let none = Tail(after: chain.position)
                var found: Tail?
                do {
                    let end = LogEnd(position: chain.position, chain: chain.hash)
                    found = try tails.tail(sight, after: end, withAnswers: answers)
                } catch let damage as LogCorruption where passesOverDamage {
                    return try body(LogSnapshot(pages, chain, none, noted: sight.noted, damage))
                }
                if found.map({ $0.end < sight.noted }) ?? true {
                    guard attempt == Self.attempts || (found != nil && sight.isSettled) else { return nil }
                    guard passesOverDamage else { throw headFile.leads(sight.noted, over: (found ?? none).end) }
                }
                return try body(LogSnapshot(pages, chain, found ?? none, noted: sight.noted))
            }
            if let result { return result }
            // A segment was begun or forgotten just now; or the tail must be read first.
            if attempt > 1 { usleep(Self.pause) }
        }
    }

    /// How often a reader looks again, and how long it waits in between, in microseconds, before it believes that events
    /// are missing. Who writes needs far less time to begin or forget a segment.
    private static let attempts = 50
    private static let pause: UInt32 = 2_000

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
    /// The newest event of the moment.
    public let head: LogHead
    /// The value of the hash chain at the newest event.
    public let chainHead: ChainHead
    /// The tables.
    let pages: LogPages
    /// The frames that are not in the tables yet.
    let tail: Tail
    /// The position that the head file named before the moment; 0 if none.
    let noted: Position
    /// What is wrong with the journal. The tail is empty then.
    let damage: LogCorruption?

    /// - Parameters:
    ///   - chain: the stored value where the tables end.
    ///   - tail: begins there.
    /// - Throws: ``LogCorruption`` when the newest record is damaged.
    init(
        _ pages: consuming LogPages, _ chain: ChainHead, _ tail: Tail, noted: Position, _ damage: LogCorruption? = nil
    ) throws {
        let newest = try tail.withRecord(at: tail.end) { LogHead(position: $0.position, time: $0.time) }
        head = newest ?? pages.head
        chainHead = ChainHead(position: tail.end, hash: tail.frames.last?.chain ?? chain.hash)
        self.pages = pages
        self.tail = tail
        self.noted = noted
        self.damage = damage
    }

    /// Whether it ends before the position in the head file, and the journal is not to blame.
    var isShort: Bool { noted > head.position && damage == nil }

    /// Lends the records after a position, in order, at most `limit` of them, as ``LogSource/read(after:limit:_:)``
    /// does.
    public func read(after position: Position, limit: Int, _ body: (RecordView) throws -> Void) throws -> Int {
        guard position < head.position, limit > 0 else { return 0 }
        let count = try pages.lendRecords(after: position, limit: limit, until: pages.head.position, body)
        if count == limit { return count }
        return try count
            + tail.lendRecords(after: position + UInt64(count), limit: limit - count, until: head.position, body)
    }

    /// Lends the record at a position, if there is one.
    func withRecord<Result>(at position: Position, _ body: (RecordView) throws -> Result) throws -> Result? {
        position > pages.head.position
            ? try tail.withRecord(at: position, body) : try pages.withRecord(at: position, body)
    }

    /// Lends the records at some positions, in the order given.
    func withRecords(at positions: [Position], _ body: (RecordView) throws -> Void) throws {
        var rest = positions[...]
        while let first = rest.first {
            // Those in the tables together, because neighbours are found without starting from the root.
            let stored = rest.prefix { $0 <= pages.head.position }
            try pages.withRecords(at: stored, body)
            if stored.isEmpty, try tail.withRecord(at: first, body) == nil { throw LogCorruption.missing(first) }
            rest = rest.dropFirst(max(stored.count, 1))
        }
    }

    /// Lends the remembered answers to commands that made no event, in the order of their keys.
    ///
    /// These answers are all that a log holds beside its records. Everything else can be made from the records. This
    /// reads the whole table of commands.
    public func readAnswers(_ body: (RememberedAnswer) throws -> Void) throws {
        var ahead = tail.answers()[...]
        func lendAhead(while isDue: ([UInt8]) -> Bool) throws {
            while let answer = ahead.first, isDue(answer.key) {
                try answer.lend(body)
                ahead.removeFirst()
            }
        }
        if var cursor = try pages.cursor("commands") {
            while let row = try cursor.next() {
                try lendAhead { $0.lexicographicallyPrecedes(row.key) }
                // A frame that was applied already may still be in the tail.
                if let answer = ahead.first, answer.key.elementsEqual(row.key) { continue }
                if let answer = try RememberedAnswer(row.key, row.value) { try body(answer) }
            }
        }
        try lendAhead { _ in true }
    }
}

/// A remembered answer in a frame, copied.
private struct TailAnswer {
    let key: [UInt8]
    let value: [UInt8]

    func lend(_ body: (RememberedAnswer) throws -> Void) throws {
        try key.withUnsafeBytes { key in
            try value.withUnsafeBytes { value in
                if let answer = try RememberedAnswer(key, value) { try body(answer) }
            }
        }
    }
}

extension Tail {
    /// The answers that its frames hold, in the order of their keys. Of two for one key, the later one counts.
    fileprivate func answers() -> [TailAnswer] {
        var values: [[UInt8]: [UInt8]] = [:]
        for frame in frames { frame.withAnswers { values[Array($0)] = Array($1) } }
        return values.map { TailAnswer(key: $0, value: $1) }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
    }
}
