import CLMDB
import Glibc

/// A read transaction that is kept open with its cursors, for threads that read all the time.
///
/// A moment is used again as long as nothing was committed after it; so what was found out about its pages can be, too.
/// It reads as ``PageSnapshot`` does: without LMDB, which trusts pages, and quicker. Not `Sendable`: a reader stays
/// with the thread that made it.
public final class PageReader {
    private let environment: Environment
    private var raw: OpaquePointer?
    private var tables: PageTables?
    private var isOpen = false
    private var isReading = false
    /// The largest number of pages that a moment had.
    private var newest: PageFile?

    /// Makes a reader. It takes its slot at the first ``read(_:)``.
    public init(_ environment: Environment) { self.environment = environment }

    deinit { mdb_txn_abort(raw) }

    /// Runs `body` over the newest moment. Calls must not be nested; a nested call is refused.
    ///
    /// The moment stays open afterwards, and its pages are not used again, until ``release()`` or a read that finds a
    /// newer one.
    public func read<Result>(_ body: (PageTables) throws -> Result) throws -> Result {
        guard !isReading else {
            throw LMDBError(code: EBUSY, operation: "mdb_txn_renew", subject: environment.path)
        }
        // The transaction's own number is compared, and not a number that was read before it, because the transaction
        // may be older.
        if !isOpen || mdb_txn_id(raw) != environment.newestCommit {
            do { try renew() } catch {
                release()
                throw error
            }
        }
        isReading = true
        defer { isReading = false }
        return try body(tables!)
    }

    /// Releases the moment that was read last. Call this before the thread waits for something.
    public func release() {
        guard isOpen else { return }
        mdb_txn_reset(raw)
        isOpen = false
    }

    private func renew() throws(LMDBError) {
        let meta = try environment.settledMeta { () throws(LMDBError) in
            release()
            if let raw {
                try check(mdb_txn_renew(raw), "mdb_txn_renew", environment.path)
            } else {
                let code = mdb_txn_begin(environment.handle, nil, UInt32(MDB_RDONLY), &raw)
                try check(code, "mdb_txn_begin", environment.path)
            }
            isOpen = true
            return mdb_txn_id(raw)
        }
        let file = try pages(of: meta)
        if let tables {
            tables.move(to: file, meta.tables)
        } else {
            tables = PageTables(file, meta.tables, tableLimit: environment.tableLimit)
        }
    }

    private func pages(of meta: MetaPage) throws(LMDBError) -> PageFile {
        // The file only grows, so its size is read only when there are more pages than ever before.
        guard let known = newest, meta.lastPage < known.count else {
            let file = try environment.pageFile(meta)
            newest = file
            return file
        }
        return PageFile(path: known.path, start: known.start, pageSize: known.pageSize, count: meta.lastPage + 1)
    }
}
