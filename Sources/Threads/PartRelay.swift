import Glibc

/// The numbered parts of something long, which several threads make together, and each of which all of them take, in
/// order.
///
/// A thread that has nothing to take makes the next part that nobody makes yet. So no thread waits while there is work,
/// whatever making and taking cost each of them.
public final class PartRelay<Part: Sendable>: @unchecked Sendable {
    // because every stored property is touched only while `mutex` is held.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let count: Int
    /// Parts that were made and that not all have taken: each has its number, and the place that follows from it.
    private var made: [(number: Int, part: Part)?]
    private var nextToMake = 0
    /// How many parts each thread has taken.
    private var taken: [Int]
    private var isClosed = false

    /// What a thread is to do next.
    public enum Turn {
        /// To take a part: the one after the last that it took.
        case take(Part)
        /// To make the part with this number, and to ``PartRelay/put(_:at:)`` it.
        case make(Int)
    }

    /// - Parameters:
    ///   - count: how many parts there are.
    ///   - takers: how many threads take each of them.
    ///   - ahead: how many may be in memory at once.
    public init(_ count: Int, takers: Int, ahead: Int) {
        self.count = count
        made = Array(repeating: nil, count: ahead)
        taken = Array(repeating: 0, count: takers)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(changed)
        mutex.deallocate()
        changed.deallocate()
    }

    /// What a thread is to do next. Blocks while others make what it needs.
    ///
    /// - Parameter taker: its number, from 0.
    /// - Returns: `nil` when it has taken all parts, or when somebody closed the relay.
    public func next(for taker: Int) -> Turn? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !isClosed, taken[taker] < count {
            let slowest = taken.min()!
            if let (number, part) = made[taken[taker] % made.count], number == taken[taker] {
                taken[taker] += 1
                if taken.min()! > slowest {
                    made[number % made.count] = nil
                    pthread_cond_broadcast(changed)
                }
                return .take(part)
            }
            if nextToMake < min(count, slowest + made.count) {
                nextToMake += 1
                return .make(nextToMake - 1)
            }
            pthread_cond_wait(changed, mutex)
        }
        return nil
    }

    /// Hands a part over that the thread was told to make.
    public func put(_ part: Part, at number: Int) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        made[number % made.count] = (number, part)
        pthread_cond_broadcast(changed)
    }

    /// Ends it for all threads, because one of them cannot go on.
    public func close() {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        isClosed = true
        pthread_cond_broadcast(changed)
    }
}
