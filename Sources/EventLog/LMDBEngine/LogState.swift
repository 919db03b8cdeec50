import LMDB

/// What a log says of itself at one moment.
struct LogState {
    /// The bytes that name it for ever.
    let identity: [UInt8]
    /// Its newest event.
    let head: LogHead

    /// Reads it at the newest moment; see ``init(_:in:)``.
    static func read(_ environment: Environment) throws -> LogState? {
        try environment.readLog { try LogState($0, in: environment.path) }
    }

    /// Reads it; `nil` where there is nothing at all yet.
    ///
    /// - Throws: ``LogCorruption`` when a part is missing or damaged, or the format is unknown.
    init?(_ moment: borrowing LogMoment, in directory: String) throws {
        let tables = Set(try moment.tables().map(\.name))
        let format = try moment.meta("format")
        if let format { try LogFormat.check(format) }
        let identity = try moment.meta("identity")
        head = moment.head
        if format == nil, identity == nil, head.position == 0 { return nil }
        guard format != nil, let identity, tables.isSuperset(of: LogTables.names) else {
            throw LogCorruption.tablesAreGone(from: directory)
        }
        self.identity = identity
        _ = try moment.chainHead(identity: identity)
    }
}
