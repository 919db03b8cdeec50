internal import HTTPServer
internal import Microblog
internal import Synchronization

/// Whether somebody may ask now. Shared by all loops.
final class Admission: Sendable {
    /// Counts requests by account; `nil` for no limit.
    let requests: RateLimiter?
    /// Counts wrong keys by address; `nil` for no limit.
    let wrongKeys: RateLimiter?
    private let proxies: TrustedProxies
    /// Until when some address is refused, in nanoseconds. As long as none is, no request needs its address looked at.
    private let someAreRefusedUntil = Atomic<UInt64>(0)

    init(_ configuration: AdapterConfiguration) {
        requests =
            configuration.requestsPerSecond > 0
            ? RateLimiter(perSecond: configuration.requestsPerSecond, burst: configuration.burst) : nil
        // Ten seconds' worth at once: somebody who mistypes is not shut out. Fewer places: few addresses err at a time.
        wrongKeys =
            configuration.wrongKeysPerSecond > 0
            ? RateLimiter(
                perSecond: configuration.wrongKeysPerSecond, burst: 10 * configuration.wrongKeysPerSecond, setBits: 12)
            : nil
        proxies = TrustedProxies(configuration.trustedProxies)
    }

    /// Refuses to look up a key for an address that has shown too many wrong ones.
    ///
    /// - Throws: 429.
    func checkAddress(of exchange: Exchange) throws(APIError) {
        guard let wrongKeys else { return }
        let now = MonotonicClock.nanoseconds()
        guard now < someAreRefusedUntil.load(ordering: .relaxed), let address = proxies.client(of: exchange)
        else { return }
        let verdict = wrongKeys.look(address.limitKey, now: now)
        guard verdict.isAdmitted else {
            throw .limited(
                .wrongKeys, "more than \(wrongKeys.perSecond) wrong keys a second from this address", verdict)
        }
    }

    /// Counts a wrong key.
    func countWrongKey(_ exchange: Exchange) {
        guard let wrongKeys, let address = proxies.client(of: exchange) else { return }
        let now = MonotonicClock.nanoseconds()
        let verdict = wrongKeys.take(address.limitKey, now: now)
        if verdict.wait > 0 { someAreRefusedUntil.max(now + verdict.wait, ordering: .relaxed) }
    }

    /// Counts a request, and lets its answer tell what is left, in the form of draft-ietf-httpapi-ratelimit-headers-03.
    ///
    /// - Throws: 429 when the account calls too often.
    func countRequest(of account: AccountID, _ exchange: Exchange) throws(APIError) {
        guard let requests else { return }
        let verdict = requests.take(account.rawValue, now: MonotonicClock.nanoseconds())
        exchange.addToAnswer("RateLimit-Limit", number: UInt64(requests.burst))
        exchange.addToAnswer("RateLimit-Remaining", number: verdict.remaining)
        // Beside Retry-After it must name the same time.
        exchange.addToAnswer(
            "RateLimit-Reset", number: Self.seconds(verdict.isAdmitted ? verdict.reset : verdict.wait))
        guard verdict.isAdmitted else {
            throw .limited(
                .accountRequests, "more than \(requests.perSecond) requests a second from this account", verdict)
        }
    }

    /// Says whose share of the memory for answers the answer takes, and whether there is room.
    ///
    /// - Throws: 429 when too many answers wait for readers of this account or address.
    ///
    /// - Parameter account: `nil` where no key is asked for.
    func checkRoom(for account: AccountID?, _ exchange: Exchange) throws(APIError) {
        exchange.share.account = account?.rawValue ?? 0
        exchange.share.address = proxies.client(of: exchange)?.limitKey
        guard exchange.hasRoomForAnswer else {
            throw APIError(
                429, "too_many_requests",
                "too many answers wait to be read by this account or address; read them, then try again",
                retryAfter: 1, limit: .answerMemory)
        }
    }

    /// Whole seconds that are at least as long.
    static func seconds(_ nanoseconds: UInt64) -> UInt64 { (nanoseconds + 999_999_999) / 1_000_000_000 }
}

extension APIError {
    /// 429.
    ///
    /// - Parameter reason: begins with what there was too much of.
    fileprivate static func limited(_ limit: Limit, _ reason: String, _ verdict: RateLimiter.Verdict) -> APIError {
        let seconds = max(1, Int(Admission.seconds(verdict.wait)))
        return APIError(
            429, "too_many_requests", "\(reason); try again in \(seconds) s", retryAfter: seconds, limit: limit)
    }
}
