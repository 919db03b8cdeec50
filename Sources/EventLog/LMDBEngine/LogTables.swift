import LMDB

/// The tables of a log's LMDB environment; `docs/storage-format.md` gives their keys and values.
struct LogTables {
    /// position (8) -> record
    let events: Table
    /// stream name -> ``StreamHead``
    let streams: Table
    /// whose key (8), idempotency key -> fingerprint (16), position (8; 0: no event), answer
    let commands: Table
    /// `format` -> the log's format; `identity` -> 16 random bytes
    let meta: Table

    static let format = "martlet-log 1"

    init(_ environment: Environment) throws {
        events = try environment.table("events")
        streams = try environment.table("streams")
        commands = try environment.table("commands")
        meta = try environment.table("meta")
    }
}

extension Transaction where Self: ~Copyable {
    /// The newest event's position and time.
    borrowing func logHead(_ tables: LogTables) throws -> LogHead {
        try withCursor(tables.events) { cursor in
            guard let row = try cursor.last() else { return LogHead() }
            guard row.key.count == 8 else {
                throw LogCorruption(position: 0, problem: "the events table has a key of \(row.key.count) bytes")
            }
            let record = try RecordView(position: row.key.bigEndianUInt64(at: 0), row.value)
            return LogHead(position: record.position, time: record.time)
        }
    }

    /// A stream's newest event.
    borrowing func head(of stream: StreamName, _ tables: LogTables) throws -> StreamHead? {
        guard let bytes = try stream.bytes.withUnsafeBytes({ try get(tables.streams, $0) }) else { return nil }
        guard let head = StreamHead(bytes) else {
            throw LogCorruption(position: 0, problem: "the head of stream \(stream) has \(bytes.count) bytes")
        }
        return head
    }
}
