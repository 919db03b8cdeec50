import LMDB

/// How the hash chain is stored: see ``LogTables/chain``.
extension WriteTransaction {
    /// Stores the chain's value at a milestone; passes over every other position.
    @inline(__always)
    borrowing func putMilestone(_ chain: ChainHead, _ tables: LogTables) throws {
        if chain.isMilestone { try putChain(chain, tables) }
    }

    /// Stores the chain's newest value in the place of the one before.
    borrowing func moveChainHead(from old: Position, to chain: ChainHead, _ tables: LogTables) throws {
        guard chain.position > old else { return }
        if old % ChainHash.milestone != 0 { try old.withKey { _ = try delete(tables.chain, $0) } }
        if !chain.isMilestone { try putChain(chain, tables) }
    }

    private borrowing func putChain(_ chain: ChainHead, _ tables: LogTables) throws {
        try chain.position.withKey { position in
            try chain.hash.withBytes { try put(tables.chain, position, $0, .append) }
        }
    }

    /// Names the log's format.
    borrowing func putFormat(_ tables: LogTables) throws {
        try putMeta("format", Array(LogFormat.name.utf8), tables)
    }

    /// Sets a row of the `meta` table.
    borrowing func putMeta(_ key: String, _ value: [UInt8], _ tables: LogTables) throws {
        try Array(key.utf8).withUnsafeBytes { key in
            try value.withUnsafeBytes { try put(tables.meta, key, $0) }
        }
    }
}
