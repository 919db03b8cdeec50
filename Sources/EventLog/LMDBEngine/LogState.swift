import LMDB

/// What a log says of itself at one moment.
struct LogState {
    /// How its tables are to be read.
    let format: LogFormat
    /// The bytes that name it for ever.
    let identity: [UInt8]
    /// Its newest event.
    let head: LogHead

    /// Reads it; `nil` where there is nothing at all yet.
    ///
    /// - Throws: ``LogCorruption`` when a part is missing or damaged, or the format is unknown.
    init?(_ transaction: borrowing some Transaction & ~Copyable, _ tables: LogTables, in directory: String) throws {
        let format = try transaction.meta("format", tables).map { bytes throws(LogCorruption) in try LogFormat(bytes) }
        let identity = try transaction.meta("identity", tables)
        let head = try transaction.logHead(tables)
        if format == nil, identity == nil, head.position == 0 { return nil }
        guard let format, let identity else { throw LogCorruption.tablesAreGone(from: directory) }
        self.format = format
        self.identity = identity
        self.head = head
        if format != .first { _ = try transaction.chainHead(at: head.position, identity: identity, tables) }
    }
}
