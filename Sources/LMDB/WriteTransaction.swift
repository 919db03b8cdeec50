import CLMDB

/// The one write transaction of an environment. Lent by ``Environment/write(_:)``.
public struct WriteTransaction: ~Copyable, Transaction {
    public let handle: TransactionHandle

    /// What ``put(_:_:_:_:)`` does when the key exists.
    public enum PutMode: Sendable {
        /// Overwrites the old value.
        case upsert
        /// Requires that the key is greater than every key in the table. This is much faster, and fills the pages.
        case append
    }

    init(_ environment: Environment) throws(LMDBError) {
        var raw: OpaquePointer?
        try check(mdb_txn_begin(environment.handle, nil, 0, &raw), "mdb_txn_begin", environment.path)
        handle = TransactionHandle(raw: raw!)
    }

    deinit { mdb_txn_abort(handle.raw) }

    consuming func commit(_ path: String) throws(LMDBError) {
        let raw = handle.raw
        discard self
        try check(mdb_txn_commit(raw), "mdb_txn_commit", path)
    }

    /// Sets the value at a key.
    @inline(__always)
    public borrowing func put(
        _ table: Table, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, _ mode: PutMode = .upsert
    ) throws(LMDBError) {
        var key = MDB_val(key)
        var value = MDB_val(value)
        let flags = mode == .append ? UInt32(MDB_APPEND) : 0
        try check(mdb_put(handle.raw, table.id, &key, &value, flags), "mdb_put", table.name)
    }

    /// Removes a key, if it exists.
    ///
    /// - Returns: whether the key existed.
    @inline(__always) @discardableResult
    public borrowing func delete(_ table: Table, _ key: UnsafeRawBufferPointer) throws(LMDBError) -> Bool {
        var key = MDB_val(key)
        let code = mdb_del(handle.raw, table.id, &key, nil)
        if code == MDB_NOTFOUND { return false }
        try check(code, "mdb_del", table.name)
        return true
    }

    /// Removes all rows of a table.
    public borrowing func clear(_ table: Table) throws(LMDBError) {
        try check(mdb_drop(handle.raw, table.id, 0), "mdb_drop", table.name)
    }
}

/// The most that a write transaction changes.
public struct WriteVolume: Sendable {
    /// Rows that are set or removed.
    let rows: Int
    /// The size of the keys and values of rows that are set, in bytes.
    let bytes: Int

    /// - Parameters:
    ///   - rows: how many rows are set or removed.
    ///   - bytes: the size of the keys and values of rows that are set.
    public init(rows: Int, bytes: Int) {
        self.rows = rows
        self.bytes = bytes
    }

    /// A handful of small rows.
    public static let little = WriteVolume(rows: 64, bytes: 16_384)

    /// How many pages it may take from the end of a file. This is not proven: random transactions of rows of all sizes
    /// stay below it.
    ///
    /// A transaction writes each changed page once, to a new place: the leaf of each row, and the fewer pages on the
    /// way to it. Splits add half-full pages for new rows. The table of free pages changes too.
    func pages(of pageSize: Int, in used: Int) -> Int {
        2 * min(rows, used) + 3 * (bytes + 16 * rows) / pageSize + 64
    }
}
