import Glibc

/// A queue between threads whose one consumer takes everything that is waiting.
///
/// This makes group commit possible: while one batch is being synced, the next one gathers here.
public final class Mailbox<Element: Sendable>: @unchecked Sendable {
    // because every stored property is touched only while `mutex` is held.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var waiting: [Element] = []
    private var closed = false

    /// Makes an empty, open mailbox.
    public init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(changed)
        mutex.deallocate()
        changed.deallocate()
    }

    /// Adds one element, unless the mailbox is closed or holds `limit` elements already.
    ///
    /// - Returns: whether it was taken in.
    @discardableResult
    public func put(_ element: Element, limit: Int = .max) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard !closed, waiting.count < limit else { return false }
        waiting.append(element)
        if waiting.count == 1 { pthread_cond_broadcast(changed) }
        return true
    }

    /// Adds elements, as many as fit: none when the mailbox is closed, none beyond `limit` that wait.
    ///
    /// - Returns: how many were taken in.
    public func put(contentsOf elements: [Element], limit: Int = .max) -> Int {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard !closed else { return 0 }
        let taken = min(elements.count, max(0, limit - waiting.count))
        guard taken > 0 else { return 0 }
        let wasEmpty = waiting.isEmpty
        waiting += elements.prefix(taken)
        if wasEmpty { pthread_cond_broadcast(changed) }
        return taken
    }

    /// Adds one element. Waits while the mailbox holds `limit` or more.
    ///
    /// - Returns: whether it was taken in; `false` when the mailbox is closed.
    @discardableResult
    public func putWaiting(_ element: Element, limit: Int) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !closed && waiting.count >= limit { pthread_cond_wait(changed, mutex) }
        guard !closed else { return false }
        waiting.append(element)
        if waiting.count == 1 { pthread_cond_broadcast(changed) }
        return true
    }

    /// Takes up to `limit` of what is waiting, oldest first; blocks while it is empty.
    ///
    /// - Returns: at least one element, or `nil` once the mailbox is closed and empty.
    public func take(limit: Int = .max) -> [Element]? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while waiting.isEmpty {
            if closed { return nil }
            pthread_cond_wait(changed, mutex)
        }
        var taken: [Element] = []
        if waiting.count <= limit {
            swap(&taken, &waiting)
        } else {
            taken = Array(waiting.prefix(limit))
            waiting.removeFirst(limit)
        }
        pthread_cond_broadcast(changed)
        return taken
    }

    /// Refuses further elements. What is already in the mailbox can still be taken.
    public func close() {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        closed = true
        pthread_cond_broadcast(changed)
    }

    /// Whether ``close()`` was called.
    public var isClosed: Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return closed
    }

    /// How many elements wait now.
    public var count: Int {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return waiting.count
    }
}
