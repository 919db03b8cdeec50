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
    /// position (8) -> the hash chain's value there (32): for the newest event and each ``ChainHash/milestone``.
    ///
    /// `nil` where a log of the first format is only read.
    let chain: Table?

    /// Opens the tables, making those that are not there if the environment can be written.
    init(_ environment: Environment) throws {
        events = try environment.table("events")
        streams = try environment.table("streams")
        commands = try environment.table("commands")
        meta = try environment.table("meta")
        do {
            chain = try environment.table("chain")
        } catch let error as LMDBError where error.isMissingTable {
            chain = nil
        }
    }

    /// The ``chain`` of a log that is written, which always has one.
    var writtenChain: Table {
        guard let chain else { preconditionFailure("an environment that is only read cannot be written") }
        return chain
    }
}
