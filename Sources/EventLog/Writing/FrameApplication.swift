internal import Bytes
internal import Journal
internal import LMDB

/// How frames become rows of the tables: records, heads of streams, commands, answers and values of the hash chain, all
/// in one transaction.
extension WriteTransaction {
    /// Writes what the tables lack of some frames. What they have already is passed over, so doing it twice is doing it
    /// once.
    ///
    /// - Throws: ``LogCorruption`` when the frames do not continue the tables; `LMDBError`.
    borrowing func apply(_ frames: [Frame], identity: [UInt8], _ tables: LogTables) throws {
        // This is read and not remembered: a commit that failed late may have reached the disk after all.
        let head = try logHead(tables)
        var chain = try chainHead(at: head.position, identity: identity, tables)
        var heads = StreamHeads()
        var newestKey: UInt64?
        for frame in frames where frame.lastPosition > head.position {
            guard frame.firstPosition == chain.position + 1 else { throw LogCorruption.missing(chain.position + 1) }
            // The value after the frame is known. Only a value in the middle has to be computed.
            let next = (chain.position / ChainHash.milestone + 1) * ChainHash.milestone
            let computesChain = next < frame.lastPosition
            for index in 0..<frame.recordCount {
                let position = frame.firstPosition + UInt64(index)
                try frame.withRecord(index) { bytes in
                    let record = try RecordView(position: position, bytes)
                    try position.withBigEndianBytes { try put(tables.events, $0, bytes, .append) }
                    if computesChain {
                        chain.append(record)
                        try putMilestone(chain, tables)
                    }
                    record.withStreams { name, version in
                        heads.set(StreamHead(version: version, position: position, type: record.type), of: name)
                    }
                    newestKey = record.accountWithKey ?? newestKey
                    if let idempotency = record.idempotency {
                        try putCommand(
                            idempotency.tableKey, CommandRow.bytes(idempotency, position: position), tables)
                    }
                }
            }
            chain = ChainHead(position: frame.lastPosition, hash: frame.chain)
            if !computesChain { try putMilestone(chain, tables) }
        }
        try heads.sorted { name, head in try head.withBytes { try put(tables.streams, name, $0) } }
        for frame in frames {
            try frame.withAnswers { key, value in try put(tables.commands, key, value) }
        }
        try putNewestKey(newestKey, tables)
        try moveChainHead(from: head.position, to: chain, tables)
    }

    private borrowing func putCommand(_ key: [UInt8], _ row: [UInt8], _ tables: LogTables) throws {
        try key.withUnsafeBytes { key in try row.withUnsafeBytes { try put(tables.commands, key, $0) } }
    }
}
