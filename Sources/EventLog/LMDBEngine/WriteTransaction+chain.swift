import LMDB

/// How the hash chain is stored: see ``LogTables/chain``.
extension WriteTransaction {
    /// Stores the chain's value at a milestone; passes over every other position.
    @inline(__always)
    borrowing func putMilestone(_ chain: ChainHead, _ tables: LogTables) throws {
        if chain.position % ChainHash.milestone == 0 { try putChain(chain, tables) }
    }

    /// Stores the chain's newest value in the place of the one before.
    borrowing func moveChainHead(from old: Position, to chain: ChainHead, _ tables: LogTables) throws {
        guard chain.position > old else { return }
        if old % ChainHash.milestone != 0 { try old.withKey { _ = try delete(tables.writtenChain, $0) } }
        if chain.position % ChainHash.milestone != 0 { try putChain(chain, tables) }
    }

    private borrowing func putChain(_ chain: ChainHead, _ tables: LogTables) throws {
        try chain.position.withKey { position in
            try chain.hash.withBytes { try put(tables.writtenChain, position, $0, .append) }
        }
    }

    /// Gives a log of the first format its chain, and the second format.
    ///
    /// - Throws: ``LogCorruption`` where a record is missing or damaged: the chain would vouch for it.
    borrowing func addChain(identity: [UInt8], _ tables: LogTables) throws {
        let head = try logHead(tables)
        try clear(tables.writtenChain)
        var chain = ChainHead(position: 0, hash: ChainHash(identity: identity))
        while chain.position < head.position {
            // In pieces, since a cursor must not be used across changes of the transaction.
            let piece = min(ChainHash.milestone, head.position - chain.position)
            _ = try lendRecords(after: chain.position, limit: Int(piece), until: head.position, tables) {
                chain.append($0)
            }
            try putMilestone(chain, tables)
        }
        try moveChainHead(from: 0, to: chain, tables)
        try putMeta("format", LogFormat.newest, tables)
    }

    /// Names the log's format.
    borrowing func putMeta(_ key: String, _ format: LogFormat, _ tables: LogTables) throws {
        try putMeta(key, Array(format.rawValue.utf8), tables)
    }

    /// Sets a row of the `meta` table.
    borrowing func putMeta(_ key: String, _ value: [UInt8], _ tables: LogTables) throws {
        try Array(key.utf8).withUnsafeBytes { key in
            try value.withUnsafeBytes { try put(tables.meta, key, $0) }
        }
    }
}
