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
    /// position (8) -> the hash chain's value there (32): for the newest event and each ``ChainHash/milestone``
    let chain: Table

    /// Opens the tables of an environment that can be written, making those that are not there.
    init(_ environment: Environment) throws {
        events = try environment.table("events")
        streams = try environment.table("streams")
        commands = try environment.table("commands")
        meta = try environment.table("meta")
        chain = try environment.table("chain")
    }

    /// The tables that every log has.
    static let names: Set = ["events", "streams", "commands", "meta", "chain"]
}
