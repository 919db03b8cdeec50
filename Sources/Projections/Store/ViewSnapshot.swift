internal import Bytes
internal import LMDB

/// All read models at one position of the log. Lent by ``ViewReader`` and valid only inside its closure.
public struct ViewSnapshot {
    let pages: PageTables
    let tables: ViewTables

    init(_ pages: PageTables, _ tables: ViewTables) {
        self.pages = pages
        self.tables = tables
    }

    @inline(__always)
    func get(_ table: Table, _ key: RowKey) throws(LMDBError) -> UnsafeRawBufferPointer? {
        var row: UnsafeRawBufferPointer?
        var failure: LMDBError?
        key.withBytes { key in
            do throws(LMDBError) { row = try pages.get(table, key) } catch { failure = error }
        }
        if let failure { throw failure }
        return row
    }

    /// The position of the log that the read models reflect.
    public func position() throws -> UInt64 {
        guard let row = try get(tables.meta, ViewStore.positionKey) else { return 0 }
        guard row.count == 8 else { throw ViewCorruption(table: "meta", key: "position") }
        return row.bigEndianUInt64(at: 0)
    }

    /// Lends the rows whose key begins with a number, newest (greatest) first, from before `bound` on, until `body`
    /// answers `false`.
    ///
    /// - Parameters:
    ///   - bound: rows whose second number is this or more are passed over; `nil` for none.
    ///   - body: gets the second number of the key, and the value.
    func descend(
        _ table: Table, _ first: UInt64, before bound: UInt64? = nil,
        _ body: (UInt64, UnsafeRawBufferPointer) throws -> Bool
    ) throws {
        try pages.withCursor(table) { cursor in
            // Positions stay far below 2^64 - 1, so that number is beyond all of them.
            var row = try RowKey(first, bound ?? .max).withBytes { try cursor.last(before: $0) }
            while let found = row, found.key.count == 16, found.key.bigEndianUInt64(at: 0) == first {
                guard try body(found.key.bigEndianUInt64(at: 8), found.value) else { return }
                row = try cursor.previous()
            }
        }
    }

    /// Lends the rows whose key begins with a number, least first, until `body` answers `false`.
    func ascend(_ table: Table, _ first: UInt64, _ body: (UInt64, UnsafeRawBufferPointer) throws -> Bool) throws {
        try pages.withCursor(table) { cursor in
            var row = try RowKey(first, 0).withBytes { try cursor.first(atOrAfter: $0) }
            while let found = row, found.key.count == 16, found.key.bigEndianUInt64(at: 0) == first {
                guard try body(found.key.bigEndianUInt64(at: 8), found.value) else { return }
                row = try cursor.next()
            }
        }
    }
}
