import Glibc
import LMDB

/// Holds the log's open environment, and replaces it after a failure that LMDB does not recover from by itself.
///
/// After a failed write of a meta page every call on the environment answers `MDB_PANIC` until it is opened again, and a
/// directory must not be open twice in one process: so users share the slot, and ``reopen()`` waits for them to leave.
final class EnvironmentSlot: @unchecked Sendable {
    // @unchecked because `current` is read under the shared and written under the exclusive side of `lock`.
    private let lock = UnsafeMutablePointer<pthread_rwlock_t>.allocate(capacity: 1)
    private var current: (environment: Environment, tables: LogTables)?
    private let path: String
    private let mapSize: Int

    init(path: String, mapSize: Int) throws {
        self.path = path
        self.mapSize = mapSize
        pthread_rwlock_init(lock, nil)
        current = try Self.open(path, mapSize)
    }

    deinit {
        pthread_rwlock_destroy(lock)
        lock.deallocate()
    }

    /// Lends the environment. Several threads may be in at once.
    func withEnvironment<Result>(_ body: (Environment, LogTables) throws -> Result) throws -> Result {
        if let result = try withCurrent(body) { return result }
        try reopen()
        guard let result = try withCurrent(body) else { throw LogError.closed }
        return result
    }

    /// Closes the environment and opens it again, from what is on disk.
    ///
    /// - Throws: why it cannot be opened; the next use tries again.
    func reopen() throws {
        pthread_rwlock_wrlock(lock)
        defer { pthread_rwlock_unlock(lock) }
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
        let environment = try Environment(path: path, mapSize: mapSize, tableLimit: 8, durability: .everyCommit)
        return (environment, try LogTables(environment))
    }
}
