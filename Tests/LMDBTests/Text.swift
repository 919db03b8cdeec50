import LMDB
import TestSupport

/// Keys and values as text, which reads better in tests than bytes do.
extension Transaction where Self: ~Copyable {
    borrowing func text(_ table: Table, _ key: String) throws -> String? {
        try withBytes(key) { try get(table, $0).map { String(decoding: $0, as: UTF8.self) } }
    }
}

extension PageTables {
    func text(_ table: Table, _ key: String) throws -> String? {
        try withBytes(key) { try get(table, $0).map { String(decoding: $0, as: UTF8.self) } }
    }
}

extension WriteTransaction {
    borrowing func put(_ table: Table, _ key: String, _ value: String, _ mode: PutMode = .upsert) throws {
        try withBytes(key) { key in try withBytes(value) { try put(table, key, $0, mode) } }
    }

    @discardableResult
    borrowing func delete(_ table: Table, _ key: String) throws -> Bool {
        try withBytes(key) { try delete(table, $0) }
    }
}

extension Cursor {
    borrowing func key(atOrAfter key: String) throws -> String? {
        try withBytes(key) { text(try first(atOrAfter: $0)) }
    }

    borrowing func key(before key: String) throws -> String? {
        try withBytes(key) { text(try last(before: $0)) }
    }
}

extension Environment {
    /// Commits a few rows.
    func put(_ table: Table, _ rows: [(key: String, value: String)]) throws {
        try write { transaction in
            for (key, value) in rows { try transaction.put(table, key, value) }
        }
    }

    func text(_ table: Table, _ key: String) throws -> String? { try read { try $0.text(table, key) } }
}

/// Lends a new environment of one table, and removes it afterwards.
func withTable<Result>(
    mapSize: Int = 1 << 24, _ body: (Environment, Table) throws -> Result
) throws -> Result {
    try withTemporaryDirectory { path in
        let environment = try Environment(path: path, mapSize: mapSize, durability: .everyCommit)
        return try body(environment, try environment.table("birds"))
    }
}

/// The key of a row.
func text(_ row: Cursor.Row?) -> String? { row.map { String(decoding: $0.key, as: UTF8.self) } }

/// The error that a call throws, if it is LMDB's.
func lmdbError(_ body: () throws -> Void) -> LMDBError? {
    do {
        try body()
        return nil
    } catch {
        return error as? LMDBError
    }
}

func withBytes<Result>(_ text: String, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try Array(text.utf8).withUnsafeBytes { try body($0) }
}
