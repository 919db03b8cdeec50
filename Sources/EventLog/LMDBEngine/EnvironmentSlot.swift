import Glibc
import LMDB

/// Holds the log's open environment, and replaces it after a failure that LMDB does not recover from by itself.
///
/// After a failed write of a meta page every call on the environment answers `MDB_PANIC` until it is opened again, and
/// a directory must not be open twice in one process: so users share the slot, and ``reopen()`` waits until they have
/// left.
final class EnvironmentSlot: @unchecked Sendable {
    // because `current` is read under the shared and written under the exclusive side of `lock`.
    private let lock = UnsafeMutablePointer<pthread_rwlock_t>.allocate(capacity: 1)
    private var current: (environment: Environment, tables: LogTables)?
    private let path: String
    private let mapSize: Int

    init(path: String, mapSize: Int) throws {
        self.path = path
        self.mapSize = mapSize
        var attributes = pthread_rwlockattr_t()
        pthread_rwlockattr_init(&attributes)
        // By default readers go first, and a steady stream of them would keep `reopen()` out for ever.
        let writersFirst = Int32(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP)
        pthread_rwlockattr_setkind_np(&attributes, writersFirst)
        pthread_rwlock_init(lock, &attributes)
        pthread_rwlockattr_destroy(&attributes)
        current = try Self.open(path, mapSize)
    }

    deinit {
        pthread_rwlock_destroy(lock)
        lock.deallocate()
    }

    /// Lends the environment. Several threads may use it at once. One thread must not nest calls:
    /// ``reopen(onlyIfUnusable:)`` would wait for the outer call, and the inner call for it.
    ///
    /// `body` starts with a transaction. If LMDB refuses it because an earlier commit failed, the environment is opened
    /// again and `body` runs again.
    func withEnvironment<Result>(_ body: (Environment, LogTables) throws -> Result) throws -> Result {
        do {
            if let result = try withCurrent(body) { return result }
        } catch let error as LMDBError where error.needsReopening && error.subject == path {}
        try reopen(onlyIfUnusable: true)
        guard let result = try withCurrent(body) else { throw LogError.closed }
        return result
    }

    /// Closes the environment and opens it again, from what is on disk.
    ///
    /// - Parameter onlyIfUnusable: does nothing if the environment can be read, because another thread was quicker.
    /// - Throws: the reason why it cannot be opened. The next use tries again.
    func reopen(onlyIfUnusable: Bool = false) throws {
        pthread_rwlock_wrlock(lock)
        defer { pthread_rwlock_unlock(lock) }
        if onlyIfUnusable, let current, (try? current.environment.read { _ in }) != nil { return }
        current = nil
        current = try Self.open(path, mapSize)
    }

    private func withCurrent<Result>(_ body: (Environment, LogTables) throws -> Result) throws -> Result? {
        pthread_rwlock_rdlock(lock)
        defer { pthread_rwlock_unlock(lock) }
        guard let current else { return nil }
        return try body(current.environment, current.tables)
    }

    private static func open(_ path: String, _ mapSize: Int) throws -> (environment: Environment, tables: LogTables) {
        let environment = try Environment.ofLog(path, mapSize: mapSize, durability: .everyCommit)
        // LMDB trusts the pages that lead to the tables. So they are checked first.
        _ = try LogState.read(environment)
        return (environment, try LogTables(environment))
    }
}
