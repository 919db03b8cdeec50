import LMDB

/// The tables of a log as LMDB holds them, past the log that owns them.
extension Environment {
    func value(_ table: String, _ key: [UInt8]) throws -> [UInt8]? {
        let table = try self.table(table)
        return try read { transaction in
            try key.withUnsafeBytes { try transaction.get(table, $0) }.map { Array($0) }
        }
    }

    func put(_ table: String, _ key: [UInt8], _ value: [UInt8]) throws {
        let table = try self.table(table)
        try write { transaction in
            try key.withUnsafeBytes { key in try value.withUnsafeBytes { try transaction.put(table, key, $0) } }
        }
    }

    func delete(_ table: String, _ key: [UInt8]) throws {
        let table = try self.table(table)
        try write { transaction in _ = try key.withUnsafeBytes { try transaction.delete(table, $0) } }
    }
}
