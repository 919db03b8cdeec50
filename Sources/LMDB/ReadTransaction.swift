import CLMDB

/// One consistent moment of an environment. Lent by ``Environment/read(_:)``.
public struct ReadTransaction: ~Copyable, Transaction {
    public let handle: TransactionHandle

    init(_ environment: Environment) throws(LMDBError) {
        var raw: OpaquePointer?
        try check(mdb_txn_begin(environment.handle, nil, UInt32(MDB_RDONLY), &raw), "mdb_txn_begin", environment.path)
        handle = TransactionHandle(raw: raw!)
    }

    deinit { mdb_txn_abort(handle.raw) }

    /// Ends the transaction and keeps the tables that it opened; an abort would close them.
    consuming func commit(_ path: String) throws(LMDBError) {
        let raw = handle.raw
        discard self
        try check(mdb_txn_commit(raw), "mdb_txn_commit", path)
    }
}
