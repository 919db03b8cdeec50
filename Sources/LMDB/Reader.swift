import CLMDB
import Glibc

/// A read transaction that is kept with its cursors, for threads that read all the time.
///
/// Beginning a transaction takes a slot in the reader table; renewing one costs some 10 ns, and then each table has to be found
/// anew. So a moment is used again as long as nothing was committed after it. Not `Sendable`: a reader stays with the
/// thread that made it.
public final class Reader {
    private let environment: Environment
    private let cursors: KeptCursors
    private var raw: OpaquePointer?
    private var isOpen = false
    private var isReading = false
    /// Counts the moments that were read, so that cursors know whether they are of this one.
    private var moment: UInt64 = 0

    /// Makes a reader, which takes its slot at the first ``read(_:)``.
    public init(_ environment: Environment) {
        self.environment = environment
        cursors = KeptCursors(tableLimit: environment.tableLimit)
    }

    deinit {
        cursors.free()
        mdb_txn_abort(raw)
    }

    /// Runs `body` over the newest moment. Not to be nested: that is refused.
    ///
    /// The moment stays open afterwards, and its pages are not used again, until ``release()`` or a read that finds a newer one.
    public func read<Result>(_ body: (borrowing ReadTransaction) throws -> Result) throws -> Result {
        guard !isReading else {
            throw LMDBError(code: EBUSY, operation: "mdb_txn_renew", subject: environment.path)
        }
        // The transaction's own number is compared, and not one from before: it may be older than what was newest then.
        if !isOpen || mdb_txn_id(raw) != environment.newestCommit { try renew() }
        isReading = true
        defer { isReading = false }
        do {
            return try body(ReadTransaction(lent: TransactionHandle(raw: raw!, kept: (cursors, moment))))
        } catch {
            // LMDB refuses all further use of a transaction that met a damaged page.
            release()
            throw error
        }
    }

    /// Lets go of the moment that was read last. To be called before the thread waits for something.
    public func release() {
        guard isOpen else { return }
        mdb_txn_reset(raw)
        isOpen = false
    }

    private func renew() throws(LMDBError) {
        release()
        if let raw {
            try check(mdb_txn_renew(raw), "mdb_txn_renew", environment.path)
        } else {
            let code = mdb_txn_begin(environment.handle, nil, UInt32(MDB_RDONLY), &raw)
            try check(code, "mdb_txn_begin", environment.path)
        }
        isOpen = true
        moment += 1
    }
}
