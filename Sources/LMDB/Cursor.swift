import CLMDB

/// A place in a table, moved in key order. Lent by ``Transaction/withCursor(_:_:)``.
///
/// Every move returns the row that it came to, or `nil` at the end. An error is never taken for the end.
public struct Cursor: ~Copyable {
    /// One row, as LMDB's own bytes; see ``Transaction`` for how long they live.
    public typealias Row = (key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer)

    private let raw: OpaquePointer
    private let table: Table

    init(_ transaction: TransactionHandle, _ table: Table) throws(LMDBError) {
        var raw: OpaquePointer?
        try check(mdb_cursor_open(transaction.raw, table.id, &raw), "mdb_cursor_open", table.name)
        self.raw = raw!
        self.table = table
    }

    deinit { mdb_cursor_close(raw) }

    /// The first row.
    public borrowing func first() throws(LMDBError) -> Row? { try move(MDB_FIRST) }

    /// The last row.
    public borrowing func last() throws(LMDBError) -> Row? { try move(MDB_LAST) }

    /// The row after this one; the first row if the cursor has no place yet.
    @inline(__always)
    public borrowing func next() throws(LMDBError) -> Row? { try move(MDB_NEXT) }

    /// The row before this one; the last row if the cursor has no place yet.
    @inline(__always)
    public borrowing func previous() throws(LMDBError) -> Row? { try move(MDB_PREV) }

    /// The first row whose key is `key` or greater.
    @inline(__always)
    public borrowing func first(atOrAfter key: UnsafeRawBufferPointer) throws(LMDBError) -> Row? {
        try move(MDB_SET_RANGE, MDB_val(key))
    }

    /// The last row whose key is less than `key`.
    @inline(__always)
    public borrowing func last(before key: UnsafeRawBufferPointer) throws(LMDBError) -> Row? {
        try first(atOrAfter: key) == nil ? last() : previous()
    }

    /// Sets the value at a key. This is quickest when keys come in order. Only in a write transaction.
    @inline(__always)
    public borrowing func put(
        _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, _ mode: WriteTransaction.PutMode = .upsert
    ) throws(LMDBError) {
        var key = MDB_val(key)
        var value = MDB_val(value)
        let flags = mode == .append ? UInt32(MDB_APPEND) : 0
        try check(mdb_cursor_put(raw, &key, &value, flags), "mdb_cursor_put", table.name)
    }

    /// Removes a key, if it exists. Only in a write transaction.
    ///
    /// - Returns: whether the key existed.
    @inline(__always) @discardableResult
    public borrowing func delete(_ key: UnsafeRawBufferPointer) throws(LMDBError) -> Bool {
        guard try move(MDB_SET_KEY, MDB_val(key)) != nil else { return false }
        try check(mdb_cursor_del(raw, 0), "mdb_cursor_del", table.name)
        return true
    }

    @inline(__always)
    private borrowing func move(_ operation: MDB_cursor_op, _ target: MDB_val = MDB_val()) throws(LMDBError) -> Row? {
        var key = target
        var value = MDB_val()
        let code = mdb_cursor_get(raw, &key, &value, operation)
        if code == MDB_NOTFOUND { return nil }
        try check(code, "mdb_cursor_get", table.name)
        return (
            UnsafeRawBufferPointer(start: key.mv_data, count: key.mv_size),
            UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size)
        )
    }
}
