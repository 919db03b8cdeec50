import CLMDB

/// What read and write transactions share: looking keys up.
///
/// The bytes that it returns are LMDB's own pages. They are valid until the transaction ends or, in a write
/// transaction, until its next change. Copy what must live longer.
public protocol Transaction: ~Copyable {
    /// The transaction as LMDB knows it.
    var handle: TransactionHandle { get }
}

/// LMDB's transaction pointer, opaque outside this module.
public struct TransactionHandle {
    let raw: OpaquePointer
}

extension Transaction where Self: ~Copyable {
    /// The value at a key, or `nil`.
    @inline(__always)
    public borrowing func get(_ table: Table, _ key: UnsafeRawBufferPointer) throws(LMDBError)
        -> UnsafeRawBufferPointer?
    {
        var key = MDB_val(key)
        var value = MDB_val()
        let code = mdb_get(handle.raw, table.id, &key, &value)
        if code == MDB_NOTFOUND { return nil }
        try check(code, "mdb_get", table.name)
        return UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size)
    }

    /// Lends a cursor over a table.
    @inline(__always)
    public borrowing func withCursor<Result>(
        _ table: Table, _ body: (borrowing Cursor) throws -> Result
    ) throws -> Result {
        let cursor = try Cursor(handle, table)
        return try body(cursor)
    }

    /// How many rows a table holds.
    public borrowing func count(_ table: Table) throws(LMDBError) -> Int { try statistics(table).rows }

    /// Rows and pages of a table.
    public borrowing func statistics(_ table: Table) throws(LMDBError) -> TableStatistics {
        var statistics = MDB_stat()
        try check(mdb_stat(handle.raw, table.id, &statistics), "mdb_stat", table.name)
        let pages = statistics.ms_branch_pages + statistics.ms_leaf_pages + statistics.ms_overflow_pages
        return TableStatistics(rows: statistics.ms_entries, bytes: pages * Int(statistics.ms_psize))
    }

    borrowing func openTable(_ name: String, flags: UInt32) throws(LMDBError) -> Table {
        var id: MDB_dbi = 0
        try check(mdb_dbi_open(handle.raw, name, flags, &id), "mdb_dbi_open", name)
        return Table(id: id, name: name)
    }
}

/// The size of a table.
public struct TableStatistics: Sendable {
    /// Number of keys.
    public let rows: Int
    /// Bytes of the pages that hold them.
    public let bytes: Int
}

extension MDB_val {
    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer) {
        self.init(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
    }
}

/// One consistent moment of an environment. Lent by ``Environment/read(_:)``.
public struct ReadTransaction: ~Copyable, Transaction {
    public let handle: TransactionHandle

    init(_ environment: Environment) throws(LMDBError) {
        var raw: OpaquePointer?
        try check(mdb_txn_begin(environment.handle, nil, UInt32(MDB_RDONLY), &raw), "mdb_txn_begin", environment.path)
        handle = TransactionHandle(raw: raw!)
    }

    deinit { mdb_txn_abort(handle.raw) }

    /// Ends the transaction and keeps the tables that it opened. An abort would close them.
    consuming func commit(_ path: String) throws(LMDBError) {
        let raw = handle.raw
        discard self
        try check(mdb_txn_commit(raw), "mdb_txn_commit", path)
    }
}

/// A transaction for code that cannot borrow it: code that is called back while it runs, or that passes it on inside a
/// value.
///
/// Its maker must drop it before the transaction ends. This is not checked.
public struct UnownedTransaction: Transaction {
    public let handle: TransactionHandle

    /// Refers to a transaction without owning it.
    public init(_ transaction: borrowing some Transaction & ~Copyable) { handle = transaction.handle }
}

/// A named table of an ``Environment``: unique keys in byte order, each with one value.
///
/// Integers in keys must be big-endian, so that the order of bytes is the order of numbers.
public struct Table: Sendable, Hashable {
    let id: UInt32
    /// The name that LMDB keeps the table under.
    public let name: String

    /// Two handles are the same table when LMDB gave them the same number.
    public static func == (left: Table, right: Table) -> Bool { left.id == right.id }

    /// Hashes the number alone, as `==` compares it.
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
