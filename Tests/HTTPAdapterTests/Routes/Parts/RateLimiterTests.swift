import TestSupport
import Testing
import Threads

@testable import HTTPAdapter

@Suite struct RateLimiterTests {
    private static let second: UInt64 = 1_000_000_000
    private let second = Self.second

    private func admitted(_ limiter: RateLimiter, _ key: UInt64, now: UInt64, of count: Int = 1000) -> Int {
        (0..<count).count { _ in limiter.take(key, now: now).isAdmitted }
    }

    @Test func `The burst may come at once, then so many a second`() {
        let limiter = RateLimiter(perSecond: 10, burst: 20)
        #expect(admitted(limiter, 1, now: 100 * second) == 20)
        #expect(admitted(limiter, 1, now: 100 * second) == 0)
        #expect(admitted(limiter, 1, now: 100 * second + second / 4) == 2)
        #expect(admitted(limiter, 1, now: 101 * second + second / 4) == 10)
        #expect(admitted(limiter, 1, now: 5000 * second) == 20)
    }

    @Test func `Each key has a rate of its own`() {
        let limiter = RateLimiter(perSecond: 1, burst: 2)
        for key in [0, 1, 2, .max / 2] as [UInt64] { #expect(admitted(limiter, key, now: 5) == 2) }
    }

    @Test func `Refused requests cost nothing, and looking costs nothing`() {
        let limiter = RateLimiter(perSecond: 1, burst: 2)
        for _ in 0..<10 { #expect(limiter.look(1, now: 0).isAdmitted) }
        #expect(admitted(limiter, 1, now: 0) == 2)
        for tenth in 1..<10 { #expect(!limiter.take(1, now: UInt64(tenth) * second / 10).isAdmitted) }
        #expect(!limiter.look(1, now: second / 2).isAdmitted)
        #expect(limiter.take(1, now: second).isAdmitted)
    }

    @Test func `It tells what is left, when the next may come and when all are back`() {
        let limiter = RateLimiter(perSecond: 2, burst: 3)
        #expect(limiter.take(1, now: 0) == .init(isAdmitted: true, remaining: 2, wait: 0, reset: second / 2))
        #expect(limiter.take(1, now: 0) == .init(isAdmitted: true, remaining: 1, wait: 0, reset: second))
        #expect(
            limiter.take(1, now: 0) == .init(isAdmitted: true, remaining: 0, wait: second / 2, reset: 3 * second / 2))
        #expect(
            limiter.take(1, now: second / 4)
                == .init(isAdmitted: false, remaining: 0, wait: second / 4, reset: 5 * second / 4))
        #expect(limiter.look(1, now: 9 * second) == .init(isAdmitted: true, remaining: 3, wait: 0, reset: 0))
    }

    @Test func `It decides as a plain bucket of tokens does`() {
        var random = SplitMix64(seed: 5)
        for _ in 0..<50 {
            let rate = [1, 2, 4, 5, 8, 10, 100, 1000].randomElement(using: &random)!
            let burst = Int.random(in: 1...30, using: &random)
            let limiter = RateLimiter(perSecond: rate, burst: burst)
            var buckets: [UInt64: PlainBucket] = [:]
            var now: UInt64 = 1_000_000_000_000
            for _ in 0..<2000 {
                now += UInt64.random(in: 0..<3, using: &random) * second / UInt64(rate) / 3
                let key = UInt64.random(in: 0..<8, using: &random)
                let verdict = limiter.take(key, now: now)
                var bucket = buckets[key] ?? PlainBucket(burst: burst, rate: rate, at: now)
                let expected = bucket.take(at: now)
                buckets[key] = bucket
                #expect(verdict.isAdmitted == expected)
                #expect(verdict.remaining == UInt64(bucket.nanotokens / second))
            }
        }
    }

    @Test func `More keys than there is room for do not hurt each other, and who owes most is remembered`() {
        // Eight places for a thousand keys.
        let limiter = RateLimiter(perSecond: 1, burst: 3, setBits: 1)
        #expect(admitted(limiter, 1, now: 0) == 3)
        for key in 10..<1000 as Range<UInt64> {
            #expect(limiter.take(key, now: 0) == .init(isAdmitted: true, remaining: 2, wait: 0, reset: second))
        }
        #expect(!limiter.take(1, now: 0).isAdmitted)
        #expect(limiter.take(1, now: second).isAdmitted)
    }

    @Test func `Many threads together get the burst, and no more`() async {
        let limiter = RateLimiter(perSecond: 1, burst: 5000)
        _ = limiter.take(9, now: 0)
        let sum = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask { (0..<3000).count { _ in limiter.take(9, now: 0).isAdmitted } }
            }
            return await group.reduce(0, +)
        }
        #expect(sum == 4999)
    }

    @Test func `Many threads with many keys never refuse a key that is new`() async {
        let limiter = RateLimiter(perSecond: 1, burst: 1, setBits: 0)
        await withTaskGroup(of: Int.self) { group in
            for thread in 0..<4 as Range<UInt64> {
                group.addTask {
                    (0..<5000 as Range<UInt64>).count { limiter.take(1 + thread * 5000 + $0, now: 7).isAdmitted }
                }
            }
            for await count in group { #expect(count == 5000) }
        }
    }
}

/// A bucket that fills evenly, in billionths of a token.
private struct PlainBucket {
    private(set) var nanotokens: UInt64
    private let capacity: UInt64
    private let rate: UInt64
    private var time: UInt64

    init(burst: Int, rate: Int, at now: UInt64) {
        capacity = UInt64(burst) * 1_000_000_000
        nanotokens = capacity
        self.rate = UInt64(rate)
        time = now
    }

    mutating func take(at now: UInt64) -> Bool {
        nanotokens = min(capacity, nanotokens + (now - time) * rate)
        time = now
        guard nanotokens >= 1_000_000_000 else { return false }
        nanotokens -= 1_000_000_000
        return true
    }
}
