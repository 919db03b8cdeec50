import Glibc

/// A value that only one thread at a time can touch.
///
/// Why not `Synchronization.Mutex`: the thread sanitizer does not see its lock operations on Linux (they are in an
/// uninstrumented library, over a bare futex) and reports every guarded access as a race. It knows pthread mutexes.
public final class Guarded<Value>: @unchecked Sendable {
    // because `value` is touched only while `mutex` is held.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var value: Value

    /// Guards a value that nobody else holds.
    public init(_ value: sending Value) {
        self.value = value
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Lends the value while the lock is held; keep the body short, and never take a second lock of this kind in it.
    public func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}
