internal import Synchronization

/// Limits how many requests somebody may make: so many a second in the long run, and a burst at once.
///
/// It is the generic cell rate algorithm (ITU-T I.371): for each key one number is kept, the time at which all of its
/// requests so far are paid for, if each costs `1/perSecond`. That time may lie ahead of now by the burst.
///
/// The numbers are in a table of fixed size, so nobody can make it grow. A new key takes the place of the one that owes
/// least: usually it owes nothing, and then nothing is forgotten. Two keys never share a number for long. Any thread
/// may ask; there is no lock, and a request costs some tens of nanoseconds.
final class RateLimiter: @unchecked Sendable {
    // because all words of the table are atomic.

    /// What became of a request.
    struct Verdict: Equatable {
        /// Whether it may go on.
        let isAdmitted: Bool
        /// How many more may come at once.
        let remaining: UInt64
        /// Nanoseconds until the next one is admitted; 0 if it would be now.
        let wait: UInt64
        /// Nanoseconds until the whole burst is there again.
        let reset: UInt64
    }

    /// How many may come at once.
    let burst: Int
    /// How many a second are paid for.
    let perSecond: Int
    /// What a request costs, in nanoseconds.
    private let cost: UInt64
    private let capacity: UInt64
    /// Sets of four keys with their four times after them: one line of the cache each.
    private let words: UnsafeMutablePointer<Atomic<UInt64>>
    private let setBits: UInt64

    private static let ways = 4

    /// - Parameters:
    ///   - perSecond: 1 to 10^9.
    ///   - burst: 1 to 10^9.
    ///   - setBits: the table has 2^setBits times four places.
    init(perSecond: Int, burst: Int, setBits: Int = 14) {
        precondition(1...1_000_000_000 ~= perSecond && 1...1_000_000_000 ~= burst)
        self.perSecond = perSecond
        self.burst = burst
        self.setBits = UInt64(setBits)
        cost = 1_000_000_000 / UInt64(perSecond)
        capacity = UInt64(burst) * cost
        let count = 2 * Self.ways << setBits
        words = .allocate(capacity: count)
        for index in 0..<count { (words + index).initialize(to: Atomic(0)) }
    }

    deinit {
        words.deinitialize(count: 2 * Self.ways << Int(setBits))
        words.deallocate()
    }

    /// Counts a request, if it is admitted. One that is not costs nothing.
    ///
    /// - Parameter now: nanoseconds on a clock that never goes back.
    func take(_ key: UInt64, now: UInt64) -> Verdict {
        guard let place = find(key) else {
            words[makePlace(for: key, now: now)].store(now + cost, ordering: .relaxed)
            return verdict(true, ahead: cost)
        }
        var paid = words[place].load(ordering: .relaxed)
        while true {
            let next = max(paid, now) + cost
            if next - now > capacity { return verdict(false, ahead: paid - now) }
            let (isDone, seen) = words[place].compareExchange(expected: paid, desired: next, ordering: .relaxed)
            if isDone { return verdict(true, ahead: next - now) }
            paid = seen
        }
    }

    /// What would become of a request, without counting it.
    func look(_ key: UInt64, now: UInt64) -> Verdict {
        let paid = find(key).map { words[$0].load(ordering: .relaxed) } ?? 0
        let ahead = max(paid, now) - now
        return verdict(ahead + cost <= capacity, ahead: ahead)
    }

    /// - Parameter ahead: by how much the requests so far are not paid for yet.
    private func verdict(_ isAdmitted: Bool, ahead: UInt64) -> Verdict {
        let next = ahead + cost
        return Verdict(
            isAdmitted: isAdmitted, remaining: ahead > capacity ? 0 : (capacity - ahead) / cost,
            wait: next > capacity ? next - capacity : 0, reset: ahead)
    }

    /// The index of the time of a key that has a place.
    private func find(_ key: UInt64) -> Int? {
        let (first, name) = set(of: key)
        for way in first..<first + Self.ways where words[way].load(ordering: .relaxed) == name {
            return way + Self.ways
        }
        return nil
    }

    /// The index of the time of a key that had no place until now.
    ///
    /// When threads take places of one set in the same moment, a request may be counted for another key, or for none.
    private func makePlace(for key: UInt64, now: UInt64) -> Int {
        let (first, name) = set(of: key)
        while true {
            // 1. The place of whoever owes least.
            var least = first
            for way in first + 1..<first + Self.ways
            where words[way + Self.ways].load(ordering: .relaxed) < words[least + Self.ways].load(ordering: .relaxed) {
                least = way
            }
            let before = words[least].load(ordering: .relaxed)
            // 2. Its debt goes first, so that whoever sees the new key there does not take it for that key's.
            let debt = words[least + Self.ways].load(ordering: .relaxed)
            if debt > now {
                guard words[least + Self.ways].compareExchange(expected: debt, desired: now, ordering: .relaxed).0
                else { continue }
            }
            // 3. Then the name. If another thread was quicker, begin again, or take what it made for the same key.
            let (isDone, seen) = words[least].compareExchange(expected: before, desired: name, ordering: .relaxed)
            if isDone || seen == name { return least + Self.ways }
        }
    }

    /// The index of the first key of a key's set, and the key as it stands there. 0 stands for an empty place.
    private func set(of key: UInt64) -> (first: Int, name: UInt64) {
        // Fibonacci hashing: the upper bits of the product depend on all bits of the key.
        let number = Int((key &* 0x9E37_79B9_7F4A_7C15) >> (64 - setBits))
        return (number * 2 * Self.ways, key == 0 ? .max : key)
    }
}
