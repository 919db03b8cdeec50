internal import Microblog
internal import Threads

/// Bounds how many requests an account makes: a bucket of tokens each, which fills evenly and holds two seconds' worth.
final class RateLimiter: Sendable {
    let perSecond: Int
    private let buckets = Guarded<[AccountID: Bucket]>([:])

    private struct Bucket {
        var tokens: Double
        var time: Double
    }

    /// Full buckets are forgotten when so many accounts have one.
    private static let bucketLimit = 100_000

    init(perSecond: Int) { self.perSecond = perSecond }

    /// Takes one token.
    ///
    /// - Parameter now: seconds on a clock that never goes back.
    /// - Returns: whether there was one.
    func admits(_ account: AccountID, now: Double) -> Bool {
        let rate = Double(perSecond)
        return buckets.withLock { buckets in
            if buckets.count >= Self.bucketLimit {
                buckets = buckets.filter { $0.value.tokens + (now - $0.value.time) * rate < 2 * rate }
            }
            var bucket = buckets[account] ?? Bucket(tokens: 2 * rate, time: now)
            bucket.tokens = min(2 * rate, bucket.tokens + (now - bucket.time) * rate)
            bucket.time = now
            let admits = bucket.tokens >= 1
            if admits { bucket.tokens -= 1 }
            buckets[account] = bucket
            return admits
        }
    }
}
