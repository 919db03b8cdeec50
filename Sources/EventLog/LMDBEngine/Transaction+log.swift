import LMDB

/// What the writer reads in its own transaction.
extension Transaction where Self: ~Copyable {
    /// The newest event's position and time.
    borrowing func logHead(_ tables: LogTables) throws -> LogHead {
        try withCursor(tables.events) { try LogMoment.newest($0.last()) }
    }

    /// The hash chain's newest value as it is stored, for a log that ends at a position.
    ///
    /// - Throws: ``LogCorruption`` when it is not.
    borrowing func chainHead(at head: Position, identity: [UInt8], _ tables: LogTables) throws -> ChainHead {
        guard head > 0 else { return ChainHead(position: 0, hash: ChainHash(identity: identity)) }
        let stored = try head.withKey { try get(tables.chain, $0) }
        return ChainHead(position: head, hash: try ChainHash(stored: stored, at: head))
    }

    /// A stream's newest event.
    borrowing func head(of stream: StreamName, _ tables: LogTables) throws -> StreamHead? {
        try stream.bytes.withUnsafeBytes { try get(tables.streams, $0) }.map { try StreamHead($0, of: stream) }
    }

    /// What is remembered of a command, under the key of the `commands` table.
    borrowing func command(_ key: [UInt8], _ tables: LogTables) throws -> CommandRow? {
        try key.withUnsafeBytes { key in try get(tables.commands, key).map { try CommandRow(key: key, $0) } }
    }
}
