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
