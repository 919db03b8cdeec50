import Glibc

/// Wakes one thread that has something to look at. A ring that comes while the thread is busy is kept; several count as
/// one.
public final class Doorbell: @unchecked Sendable {
    // because `hasRung` is touched only while `mutex` is held.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let rung = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var hasRung = false

    /// A bell that has not rung.
    public init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // People set the other clock.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(rung, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(rung)
        mutex.deallocate()
        rung.deallocate()
    }

    /// Wakes the thread that waits, or the next one to wait.
    public func ring() {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard !hasRung else { return }
        hasRung = true
        pthread_cond_signal(rung)
    }

    /// Blocks until the bell rings.
    public func wait() {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !hasRung { pthread_cond_wait(rung, mutex) }
        hasRung = false
    }

    /// Blocks until the bell rings, or for some milliseconds.
    public func wait(atMost milliseconds: Int64) {
        var end = timespec()
        clock_gettime(CLOCK_MONOTONIC, &end)
        end.tv_sec += Int(milliseconds / 1000)
        end.tv_nsec += Int(milliseconds % 1000) * 1_000_000
        if end.tv_nsec >= 1_000_000_000 {
            end.tv_sec += 1
            end.tv_nsec -= 1_000_000_000
        }
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !hasRung, pthread_cond_timedwait(rung, mutex, &end) == 0 {}
        hasRung = false
    }
}
