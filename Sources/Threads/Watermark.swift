import Glibc

/// A number that only grows, and that threads can wait for: the log's durable position, a read model's position.
public final class Watermark: @unchecked Sendable {
    // because every stored property is touched only while `mutex` is held.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let grown = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var current: UInt64
    private var isClosed = false

    /// Starts at a value.
    public init(_ value: UInt64) {
        current = value
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(grown, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(grown)
        mutex.deallocate()
        grown.deallocate()
    }

    /// The value now.
    public var value: UInt64 {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return current
    }

    /// Raises the value and wakes the threads that wait for it. A smaller value changes nothing.
    public func advance(to value: UInt64) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard value > current else { return }
        current = value
        pthread_cond_broadcast(grown)
    }

    /// Blocks until the value is greater than `value`, or the watermark is closed.
    ///
    /// - Returns: the value then, or `nil` if it is closed and has not grown beyond `value`.
    public func wait(beyond value: UInt64) -> UInt64? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while current <= value {
            if isClosed { return nil }
            pthread_cond_wait(grown, mutex)
        }
        return current
    }

    /// Ends all waiting, now and later.
    public func close() {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        isClosed = true
        pthread_cond_broadcast(grown)
    }
}
