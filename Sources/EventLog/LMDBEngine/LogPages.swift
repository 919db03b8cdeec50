import Bytes
import Journal
import LMDB

/// The pages of a log as of one commit, read without trust: damage is an error, wherever it is.
///
/// Everything but the writer reads in this way.
struct LogPages: ~Copyable {
    /// The newest event.
    let head: LogHead
    private let pages: PageSnapshot
    private let events: PageTable?

    init(_ environment: Environment) throws {
        let pages = try PageSnapshot(environment)
        let events = try pages.table("events")
        var head = LogHead()
        if let events {
            var cursor = pages.cursor(events)
            head = try Self.newest(cursor.last())
        }
        self.head = head
        self.pages = pages
        self.events = events
    }

    /// A cursor over a table, if the table exists.
    func cursor(_ table: String) throws -> PageCursor? {
        let table = table == "events" ? events : try pages.table(table)
        return table.map { pages.cursor($0) }
    }

    /// How many rows a table says that it has.
    func rows(_ table: String) throws -> Int { try pages.table(table)?.rows ?? 0 }

    /// All tables.
    func tables() throws -> [PageTable] { try pages.tables() }

    /// The value at a key of a table, or `nil`.
    func value(_ table: String, _ key: UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer? {
        guard var cursor = try cursor(table) else { return nil }
        return try cursor.value(at: key)
    }

    /// A row of the `meta` table.
    func meta(_ key: String) throws -> [UInt8]? {
        try Array(key.utf8).withUnsafeBytes { try value("meta", $0) }.map { Array($0) }
    }

    /// A stream's newest event.
    func head(of stream: StreamName) throws -> StreamHead? {
        try stream.bytes.withUnsafeBytes { try value("streams", $0) }.map { try StreamHead($0, of: stream) }
    }

    /// The hash chain's newest value, as it is stored.
    func chainHead(identity: [UInt8]) throws -> ChainHead {
        guard head.position > 0 else { return ChainHead(position: 0, hash: ChainHash(identity: identity)) }
        let stored = try head.position.withBigEndianBytes { try value("chain", $0) }
        return ChainHead(position: head.position, hash: try ChainHash(stored: stored, at: head.position))
    }

    /// What the chain was, and where, when the records were written anew; `nil` if they never were.
    func chainBefore() throws -> ChainHead? {
        guard let bytes = try meta(ChainHead.beforeName), bytes.count == 8 + ChainHash.byteCount else { return nil }
        return bytes.withUnsafeBytes { bytes in
            ChainHash(UnsafeRawBufferPointer(rebasing: bytes[8...])).map {
                ChainHead(position: bytes.bigEndianUInt64(at: 0), hash: $0)
            }
        }
    }

    static let newestKeyName = "newest key"

    /// The newest account that was registered with a key; 0 if there is none.
    func newestKey() throws -> UInt64 {
        guard let bytes = try meta(Self.newestKeyName), bytes.count == 8 else { return 0 }
        return bytes.withUnsafeBytes { $0.bigEndianUInt64(at: 0) }
    }

    /// Lends the record at a position, if there is one.
    func withRecord<Result>(at position: Position, _ body: (RecordView) throws -> Result) throws -> Result? {
        guard position > 0, position <= head.position else { return nil }
        guard let bytes = try position.withBigEndianBytes({ try value("events", $0) }) else {
            throw LogCorruption.missing(position)
        }
        return try body(RecordView(position: position, bytes))
    }

    /// Lends the records at some positions with one cursor, which finds neighbours without starting from the root: best
    /// in ascending order.
    func withRecords(at positions: some Sequence<Position>, _ body: (RecordView) throws -> Void) throws {
        guard var cursor = try cursor("events") else { return }
        for position in positions {
            guard let value = try position.withBigEndianBytes({ try cursor.value(aheadAt: $0) }) else {
                throw LogCorruption.missing(position)
            }
            try body(RecordView(position: position, value))
        }
    }

    /// Lends the records after a position and not after `last`, at most `limit` of them.
    ///
    /// - Returns: how many there were.
    /// - Throws: ``LogCorruption`` when a record is missing or damaged.
    func lendRecords(
        after position: Position, limit: Int, until last: Position, _ body: (RecordView) throws -> Void
    ) throws -> Int {
        guard position < last, limit > 0, var cursor = try cursor("events") else { return 0 }
        let end = min(last, position + UInt64(limit))
        var expected = position + 1
        var row = try expected.withBigEndianBytes { try cursor.first(atOrAfter: $0) }
        while expected <= end {
            guard let found = row, found.key.count == 8, found.key.bigEndianUInt64(at: 0) == expected else {
                throw LogCorruption.missing(expected)
            }
            try body(RecordView(position: expected, found.value))
            expected += 1
            if expected <= end { row = try cursor.next() }
        }
        return Int(end - position)
    }

    /// The end of the log according to the last row of the `events` table.
    static func newest(_ row: Cursor.Row?) throws -> LogHead {
        guard let row else { return LogHead() }
        guard row.key.count == 8 else {
            throw LogCorruption(
                position: 0, problem: "the events table has a key of \(row.key.count) bytes; restore a backup")
        }
        let record = try RecordView(position: row.key.bigEndianUInt64(at: 0), row.value)
        return LogHead(position: record.position, time: record.time)
    }
}

extension Environment {
    /// Opens the environment of a log.
    ///
    /// - Throws: ``LogCorruption`` when its file is damaged, else `LMDBError`.
    static func ofLog(
        _ directory: String, mapSize: Int, durability: Durability, readOnly: Bool = false
    ) throws -> Environment {
        do {
            return try Environment(
                path: directory, mapSize: mapSize, tableLimit: 8, durability: durability, readOnly: readOnly)
        } catch let error where error.isCorruption {
            throw LogCorruption(page: error)
        }
    }

    /// Runs `body` over the log at the newest moment.
    ///
    /// - Throws: ``LogCorruption`` also for pages that are damaged; `LMDBError`; what `body` throws.
    func readLog<Result>(_ body: (borrowing LogPages) throws -> Result) throws -> Result {
        try withLogErrors { try body(LogPages(self)) }
    }

    /// Runs `body`, and turns the error of a damaged page into ``LogCorruption``.
    func withLogErrors<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as LMDBError where error.code == LMDBError.damagedPage && error.subject == path + "/data.mdb"
        {
            throw LogCorruption(page: error)
        }
    }
}
