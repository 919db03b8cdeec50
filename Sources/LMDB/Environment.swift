import CLMDB
import Glibc
import Synchronization

/// One LMDB environment: a directory with `data.mdb` and `lock.mdb`.
///
/// Rules, and what breaks without them:
/// 1. Open a directory once per process. LMDB's locks belong to the process, so closing a second handle would drop the
///    first one's and let another process write at the same time.
/// 2. A transaction lives inside one synchronous closure. Bytes that it lent are not valid after the closure returns,
///    because LMDB reuses their pages.
public final class Environment: @unchecked Sendable {
    // because MDB_env may be used from all threads at once (with MDB_NOTLS, which ties read transactions to
    // objects instead of threads), the pointer never changes, `isClosed` is atomic, and `reserve` is the writer's
    // alone.
    let handle: OpaquePointer
    /// The directory.
    public let path: String
    let tableLimit: Int
    /// The data file, for code that reads its pages itself.
    let map: PageMap
    /// Room for what is written in place; `nil` if nothing is.
    private let reserve: PageReserve?
    private let isClosed = Atomic(false)

    /// When a commit has reached the disk.
    public enum Durability: Sendable {
        /// Before the commit returns (data pages, then the meta page).
        case everyCommit
        /// Whenever the kernel writes it back, or at ``Environment/sync()``. After a power loss the file must not be
        /// trusted. Use this only for what can be rebuilt.
        case onSync
    }

    /// Opens a directory, which must exist.
    ///
    /// - Parameters:
    ///   - mapSize: the most bytes that the data file may ever hold; it takes only address space until it is used. 0
    ///     takes the size of the file's last writer.
    ///   - tableLimit: how many tables can be opened.
    ///   - inPlace: lets commits change the pages in memory, instead of writing each page with a system call, if the
    ///     file system allows this safely: see ``PageReserve``. For small transactions.
    ///   - readOnly: opens an existing environment and changes nothing. A writer in another process may go on. Only
    ///     `lock.mdb`, the table of readers, is written.
    /// - Throws: when the directory is missing, is not an environment, or has no room for its first pages.
    public init(
        path: String, mapSize: Int, tableLimit: Int = 32, durability: Durability, inPlace: Bool = false,
        readOnly: Bool = false
    ) throws(LMDBError) {
        try Self.checkMetaPages(path + "/data.mdb")
        var handle: OpaquePointer?
        try check(mdb_env_create(&handle), "mdb_env_create", path)
        var flags = UInt32(MDB_NOTLS)
        if durability == .onSync { flags |= UInt32(MDB_NOSYNC) }
        if readOnly { flags |= UInt32(MDB_RDONLY) }
        let inPlace = inPlace && !readOnly && PageReserve.isKept(in: path)
        if inPlace { flags |= UInt32(MDB_WRITEMAP) }
        do throws(LMDBError) {
            try check(mdb_env_set_mapsize(handle, mapSize), "mdb_env_set_mapsize", path)
            try check(mdb_env_set_maxdbs(handle, UInt32(tableLimit)), "mdb_env_set_maxdbs", path)
            try check(mdb_env_set_maxreaders(handle, 510), "mdb_env_set_maxreaders", path)
            try check(mdb_env_open(handle, path, flags, 0o640), "mdb_env_open", path)
            map = try PageMap(handle!, path)
            reserve = inPlace ? try PageReserve(handle!, path) : nil
        } catch {
            mdb_env_close(handle)
            throw error
        }
        self.handle = handle!
        self.path = path
        self.tableLimit = tableLimit
        try makeWholePages(readOnly)
    }

    /// If a data file ends before its last page, adds zeros that take no room. A file that is only read is refused if
    /// anything refers to a missing page.
    ///
    /// LMDB maps the file. If the file was cut short, touching a missing page would end the process with SIGBUS. A page
    /// of zeros is an error instead. (LMDB itself may leave the last pages unwritten while nothing refers to them.)
    private func makeWholePages(_ readOnly: Bool) throws(LMDBError) {
        let file = path + "/data.mdb"
        let size = try usedBytes()
        var status = stat()
        guard stat(file, &status) == 0, status.st_size < size else { return }
        guard !readOnly else { return try checkAllPages() }
        guard truncate(file, size) == 0 else { throw LMDBError(code: errno, operation: "truncate", subject: file) }
    }

    deinit {
        if !isClosed.load(ordering: .relaxed) { closeFiles() }
    }

    /// Closes the files before the last reference is dropped. No transaction may be open, or begin afterwards.
    public func close() {
        guard !isClosed.load(ordering: .relaxed) else { return }
        precondition(transactions == 0, "\(path) is closed while \(transactions) transactions see it")
        isClosed.store(true, ordering: .relaxed)
        closeFiles()
    }

    private func closeFiles() {
        if let reserve, let last = try? PageReserve.lastPage(handle, path) { reserve.giveBack(beyond: last) }
        mdb_env_close(handle)
    }

    /// How many read transactions this process has. LMDB lists them as text, each with its process first.
    private var transactions: Int {
        var count = 0
        mdb_reader_list(
            handle,
            { line, count in
                if let line, atoi(line) == getpid() { count?.assumingMemoryBound(to: Int.self).pointee += 1 }
                return 0
            }, &count)
        return count
    }

    /// Opens a table. Makes it if it is missing and the environment can be written.
    public func table(_ name: String) throws -> Table {
        // This needs no room, so an existing table can be opened on a full disk.
        let transaction = try ReadTransaction(self)
        do {
            let table = try transaction.openTable(name, flags: 0)
            try transaction.commit(path)
            return table
        } catch {
            var flags: UInt32 = 0
            try check(mdb_env_get_flags(handle, &flags), "mdb_env_get_flags", path)
            guard error.isMissingTable, flags & UInt32(MDB_RDONLY) == 0 else { throw error }
        }
        return try write { transaction in try transaction.openTable(name, flags: UInt32(MDB_CREATE)) }
    }

    /// Runs `body` over one consistent moment. Later commits do not change what it sees.
    ///
    /// Keep it short: pages that it can see are not reused while it lives, so the file grows.
    public func read<Result>(_ body: (borrowing ReadTransaction) throws -> Result) throws -> Result {
        let transaction = try ReadTransaction(self)
        return try body(transaction)
    }

    /// Runs `body` as the only writer (others wait) and commits. An error from `body` undoes everything.
    ///
    /// Blocks for the disk when ``Durability/everyCommit`` holds, so call it on a thread of your own.
    ///
    /// - Parameter volume: the most that `body` will change. Only an environment that writes in place uses it.
    /// - Throws: what `body` throws, or the reason why nothing was committed.
    public func write<Result>(
        _ volume: WriteVolume = .little, _ body: (borrowing WriteTransaction) throws -> Result
    ) throws -> Result {
        // Otherwise the pages seen by a process that was killed while it read would be kept for ever. Without other
        // processes this takes less than a microsecond.
        mdb_reader_check(handle, nil)
        let transaction = try WriteTransaction(self)
        if let reserve { try reserve.ensure(volume, beyond: PageReserve.lastPage(handle, path)) }
        let result = try body(transaction)
        try transaction.commit(path)
        return result
    }

    /// Writes everything that was committed to the disk and waits for it.
    public func sync() throws(LMDBError) {
        try check(mdb_env_sync(handle, 1), "mdb_env_sync", path)
    }

    /// Frees the slots of processes that ended while they read. Until then the pages that they saw are not used again,
    /// and the file grows with each commit.
    ///
    /// - Returns: how many such readers there were.
    @discardableResult
    public func forgetDeadReaders() throws(LMDBError) -> Int {
        var count: Int32 = 0
        try check(mdb_reader_check(handle, &count), "mdb_reader_check", path)
        return Int(count)
    }

    /// The number of the newest commit of any process. This takes some nanoseconds.
    var newestCommit: Int {
        var information = MDB_envinfo()
        mdb_env_info(handle, &information)
        return information.me_last_txnid
    }

    /// How many bytes of the file hold pages in use or free for reuse.
    public func usedBytes() throws(LMDBError) -> Int {
        var information = MDB_envinfo()
        try check(mdb_env_info(handle, &information), "mdb_env_info", path)
        var statistics = MDB_stat()
        try check(mdb_env_stat(handle, &statistics), "mdb_env_stat", path)
        return (information.me_last_pgno + 1) * Int(statistics.ms_psize)
    }
}
