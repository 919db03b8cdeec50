import Glibc

/// Does something at regular intervals on a thread of its own, until it is stopped.
public final class Ticker: @unchecked Sendable {
    // because `isStopped` is touched only while `mutex` is held, and `thread` is written once in `init`,
    // before anything else can use this object, and only read afterwards.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let stopping = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var isStopped = false
    private var thread: OwnedThread?

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: see ``OwnedThread``.
    ///   - interval: the time between two beginnings; if `body` takes longer, it begins again at once.
    ///   - body: runs for the first time when one interval has passed.
    public init(name: String, every interval: Duration, _ body: @escaping @Sendable () -> Void) {
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // The wall clock may be set, and then jumps.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(stopping, &attributes)
        pthread_condattr_destroy(&attributes)
        pthread_mutex_init(mutex, nil)
        let nanoseconds = Int(interval / .nanoseconds(1))
        thread = OwnedThread(name: name) { [self] in
            var due = timespec()
            clock_gettime(CLOCK_MONOTONIC, &due)
            while true {
                let next = due.tv_nsec + nanoseconds
                due = timespec(tv_sec: due.tv_sec + next / 1_000_000_000, tv_nsec: next % 1_000_000_000)
                guard waitUntil(due) else { return }
                body()
            }
        }
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(stopping)
        mutex.deallocate()
        stopping.deallocate()
    }

    /// Finishes what has begun, then ends the thread. Blocks.
    public func stop() {
        pthread_mutex_lock(mutex)
        isStopped = true
        pthread_cond_broadcast(stopping)
        pthread_mutex_unlock(mutex)
        thread?.join()
    }

    /// - Returns: whether to go on.
    private func waitUntil(_ moment: timespec) -> Bool {
        var moment = moment
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !isStopped {
            if pthread_cond_timedwait(stopping, mutex, &moment) == ETIMEDOUT { return true }
        }
        return false
    }
}
