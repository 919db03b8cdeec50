import CLMDB

/// A read transaction that is kept and renewed, for threads that read all the time.
///
/// Beginning a transaction takes a slot in the reader table; renewing one costs some 10 ns. Not `Sendable`: a reader
/// stays with the thread that made it.
public final class Reader {
    private let environment: Environment
    private var raw: OpaquePointer?

    /// Makes a reader, which takes its slot at the first ``read(_:)``.
    public init(_ environment: Environment) { self.environment = environment }

    deinit { mdb_txn_abort(raw) }

    /// Runs `body` over the newest moment. Must not be nested.
    public func read<Result>(_ body: (borrowing ReadTransaction) throws -> Result) throws -> Result {
        if let raw {
            try check(mdb_txn_renew(raw), "mdb_txn_renew", environment.path)
        } else {
            let code = mdb_txn_begin(environment.handle, nil, UInt32(MDB_RDONLY), &raw)
            try check(code, "mdb_txn_begin", environment.path)
        }
        defer { mdb_txn_reset(raw) }
        return try body(ReadTransaction(lent: raw!))
    }
}
