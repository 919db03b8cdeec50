import CLMDB

/// One consistent moment of an environment. Lent by ``Environment/read(_:)`` and ``Reader/read(_:)``.
public struct ReadTransaction: ~Copyable, Transaction {
    public let handle: TransactionHandle
    private let endsOnDeinit: Bool

    init(_ environment: Environment) throws(LMDBError) {
        var raw: OpaquePointer?
        try check(mdb_txn_begin(environment.handle, nil, UInt32(MDB_RDONLY), &raw), "mdb_txn_begin", environment.path)
        handle = TransactionHandle(raw: raw!)
        endsOnDeinit = true
    }

    /// Borrows the transaction of a ``Reader``, which ends it itself.
    init(lent raw: OpaquePointer) {
        handle = TransactionHandle(raw: raw)
        endsOnDeinit = false
    }

    deinit {
        if endsOnDeinit { mdb_txn_abort(handle.raw) }
    }
}
