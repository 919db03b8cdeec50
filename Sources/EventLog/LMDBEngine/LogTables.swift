import Bytes
import Journal
import LMDB

/// The tables of a log's LMDB environment; `docs/storage-format.md` gives their keys and values.
struct LogTables {
    /// position (8) -> record
    let events: Table
    /// stream name -> ``StreamHead``
    let streams: Table
    /// whose key (8), idempotency key -> fingerprint (16), position (8; 0: no event), answer
    let commands: Table
    /// `format` -> the log's format; `identity` -> 16 random bytes; `chain before` -> ``ChainHead`` (40), if its records
    /// were written anew once; `newest key` -> account (8): the newest that was registered with a key
    let meta: Table
    /// position (8) -> the hash chain's value there (32): for the newest event and each ``ChainHash/milestone``
    let chain: Table

    /// Opens the tables of an environment that can be written, and makes the missing ones.
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

/// The format of a log's tables, by its name in the log.
enum LogFormat {
    /// The format that is written. No other format is read.
    static let name = "martlet-log 3"
    /// The format before, which ``FormerLog`` reads once more.
    static let former = "martlet-log 2"

    /// - Throws: ``LogCorruption`` that names the format, if this program does not read it.
    static func check(_ bytes: [UInt8]) throws(LogCorruption) {
        let found = String(decoding: bytes, as: UTF8.self)
        guard found == name else {
            throw LogCorruption(
                position: 0,
                problem: "its format is \"\(found)\", this martlet reads \"\(name)\"; use the martlet that wrote it")
        }
    }
}

/// What a log says about itself at one moment.
struct LogState {
    /// The bytes that identify it for ever.
    let identity: [UInt8]
    /// The newest event in the tables.
    let head: LogHead
    /// The value of the hash chain there.
    let chain: ChainHead
    /// The newest account that was registered with a key; 0 if there is none.
    let newestKey: UInt64

    /// Reads it at the newest moment; see ``init(_:in:)``.
    static func read(_ environment: Environment) throws -> LogState? {
        try environment.readLog { try LogState($0, in: environment.path) }
    }

    /// Reads it; `nil` if there is nothing at all yet.
    ///
    /// - Throws: ``LogCorruption`` when a part is missing or damaged, or the format is unknown.
    init?(_ pages: borrowing LogPages, in directory: String) throws {
        let tables = Set(try pages.tables().map(\.name))
        let format = try pages.meta("format")
        if format == Array(LogFormat.former.utf8) { throw LogOpeningError.formatBefore(directory: directory) }
        if let format { try LogFormat.check(format) }
        let identity = try pages.meta("identity")
        head = pages.head
        if format == nil, identity == nil, head.position == 0 { return nil }
        guard format != nil, let identity, tables.isSuperset(of: LogTables.names) else {
            throw LogCorruption.tablesAreGone(from: directory)
        }
        self.identity = identity
        chain = try pages.chainHead(identity: identity)
        newestKey = try pages.newestKey()
    }
}

/// The reads of the writer in its own transaction.
extension Transaction where Self: ~Copyable {
    /// The newest event's position and time.
    borrowing func logHead(_ tables: LogTables) throws -> LogHead {
        try withCursor(tables.events) { try LogPages.newest($0.last()) }
    }

    /// The hash chain's newest value as it is stored, for a log that ends at a position.
    ///
    /// - Throws: ``LogCorruption`` when the value is missing or belongs to another position.
    borrowing func chainHead(at head: Position, identity: [UInt8], _ tables: LogTables) throws -> ChainHead {
        guard head > 0 else { return ChainHead(position: 0, hash: ChainHash(identity: identity)) }
        let stored = try head.withBigEndianBytes { try get(tables.chain, $0) }
        return ChainHead(position: head, hash: try ChainHash(stored: stored, at: head))
    }

    /// A stream's newest event.
    borrowing func head(of stream: StreamName, _ tables: LogTables) throws -> StreamHead? {
        try stream.bytes.withUnsafeBytes { try get(tables.streams, $0) }.map { try StreamHead($0, of: stream) }
    }

    /// What is remembered about a command, under its key in the `commands` table.
    borrowing func command(_ key: [UInt8], _ tables: LogTables) throws -> CommandRow? {
        try key.withUnsafeBytes { key in try get(tables.commands, key).map { try CommandRow(key: key, $0) } }
    }
}

/// How the hash chain is stored: see ``LogTables/chain``.
extension WriteTransaction {
    /// Stores the chain's value at a milestone. Does nothing at every other position.
    @inline(__always)
    borrowing func putMilestone(_ chain: ChainHead, _ tables: LogTables) throws {
        if chain.isMilestone { try putChain(chain, tables) }
    }

    /// Stores the chain's newest value in place of the one before.
    borrowing func moveChainHead(from old: Position, to chain: ChainHead, _ tables: LogTables) throws {
        guard chain.position > old else { return }
        if old % ChainHash.milestone != 0 { try old.withBigEndianBytes { _ = try delete(tables.chain, $0) } }
        if !chain.isMilestone { try putChain(chain, tables) }
    }

    private borrowing func putChain(_ chain: ChainHead, _ tables: LogTables) throws {
        try chain.position.withBigEndianBytes { position in
            try chain.hash.withBytes { try put(tables.chain, position, $0, .append) }
        }
    }

    /// Notes which account was the last to be registered with a key, so that keys of before are known for what they are.
    ///
    /// - Parameter account: `nil` changes nothing.
    borrowing func putNewestKey(_ account: UInt64?, _ tables: LogTables) throws {
        guard let account else { return }
        try putMeta(LogPages.newestKeyName, account.withBigEndianBytes { Array($0) }, tables)
    }

    /// Names the log's format.
    borrowing func putFormat(_ tables: LogTables, _ name: String = LogFormat.name) throws {
        try putMeta("format", Array(name.utf8), tables)
    }

    /// Sets a row of the `meta` table.
    borrowing func putMeta(_ key: String, _ value: [UInt8], _ tables: LogTables) throws {
        try Array(key.utf8).withUnsafeBytes { key in
            try value.withUnsafeBytes { try put(tables.meta, key, $0) }
        }
    }
}
