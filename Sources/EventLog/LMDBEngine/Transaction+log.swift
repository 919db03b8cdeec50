import LMDB

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

    /// A row of the `meta` table.
    borrowing func meta(_ key: String, _ tables: LogTables) throws -> [UInt8]? {
        try Array(key.utf8).withUnsafeBytes { try get(tables.meta, $0) }.map { Array($0) }
    }

    /// The hash chain's value at a position, if it is stored.
    borrowing func chainHash(at position: Position, _ tables: LogTables) throws -> ChainHash? {
        guard let table = tables.chain, let bytes = try position.withKey({ try get(table, $0) }) else { return nil }
        guard let hash = ChainHash(bytes) else {
            throw LogCorruption(position: position, problem: "the hash chain's value has \(bytes.count) bytes")
        }
        return hash
    }

    /// The hash chain's newest value as it is stored, for a log that ends at a position.
    ///
    /// - Throws: ``LogCorruption`` when it is not.
    borrowing func chainHead(at head: Position, identity: [UInt8], _ tables: LogTables) throws -> ChainHead {
        guard head > 0 else { return ChainHead(position: 0, hash: ChainHash(identity: identity)) }
        guard let hash = try chainHash(at: head, tables) else {
            throw LogCorruption(
                position: head, problem: "the hash chain has no value for the newest event; restore a backup")
        }
        return ChainHead(position: head, hash: hash)
    }

    /// A stream's newest event.
    borrowing func head(of stream: StreamName, _ tables: LogTables) throws -> StreamHead? {
        guard let bytes = try stream.bytes.withUnsafeBytes({ try get(tables.streams, $0) }) else { return nil }
        guard let head = StreamHead(bytes) else {
            throw LogCorruption(position: 0, problem: "the head of stream \(stream) has \(bytes.count) bytes")
        }
        return head
    }
    /// What is remembered of a command, under the key of the `commands` table.
    borrowing func command(_ key: [UInt8], _ tables: LogTables) throws -> CommandRow? {
        try key.withUnsafeBytes { key in try get(tables.commands, key).map { try CommandRow(key: key, $0) } }
    }

    /// Lends the record at a position, if there is one.
    borrowing func withRecord<Result>(
        at position: Position, _ tables: LogTables, _ body: (RecordView) throws -> Result
    ) throws -> Result? {
        guard let bytes = try position.withKey({ try get(tables.events, $0) }) else {
            guard position > 0, try position <= logHead(tables).position else { return nil }
            throw LogCorruption.missing(position)
        }
        return try body(RecordView(position: position, bytes))
    }

    /// Lends the records at some positions, with one cursor: neighbours are found without a way down from the root.
    borrowing func withRecords(
        at positions: [Position], _ tables: LogTables, _ body: (RecordView) throws -> Void
    ) throws {
        try withCursor(tables.events) { cursor in
            for position in positions {
                guard let value = try position.withKey({ try cursor.value(at: $0) }) else {
                    throw LogCorruption.missing(position)
                }
                try body(RecordView(position: position, value))
            }
        }
    }

    /// Lends the records after a position and not after `last`, at most `limit` of them.
    ///
    /// - Returns: how many that were.
    /// - Throws: ``LogCorruption`` where one is missing or damaged.
    borrowing func lendRecords(
        after position: Position, limit: Int, until last: Position, _ tables: LogTables,
        _ body: (RecordView) throws -> Void
    ) throws -> Int {
        guard position < last, limit > 0 else { return 0 }
        return try withCursor(tables.events) { cursor in
            let end = min(last, position + UInt64(limit))
            var expected = position + 1
            var row = try expected.withKey { try cursor.first(atOrAfter: $0) }
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
    }
}
