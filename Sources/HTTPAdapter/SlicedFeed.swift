internal import HTTPServer
internal import Microblog
internal import Projections
internal import Threads

/// A numbered page so far down the feed that the way to it is gone in slices, between other requests.
///
/// Between two slices the exchange is suspended and the loop does what else is ready. Each slice is over the newest
/// snapshot: to keep the first one would keep its pages from being used again, so the views would grow.
///
/// An account has one such walk at a time, over all loops. All walks together share the time of one slice, so a turn of
/// a loop does not become longer with each account that asks.
final class SlicedFeed {
    private let call: Call
    private let caller: Issuer
    private let request: Feed.Request
    private let permit: LongRequests.Permit
    private let deadline: ContinuousClock.Instant
    private var walk: FeedWalk

    /// Goes the first slice, and then the others.
    ///
    /// - Throws: 429 while the caller has another such walk under way.
    static func begin(_ walk: FeedWalk, to request: Feed.Request, for query: Query) throws {
        guard let permit = try query.service.longRequests.begin(query.caller.ownAccount) else {
            throw APIError(
                429, "too_many_requests",
                "another page more than \(query.service.configuration.feedSlices.entries) tweets down the feed is being "
                    + "looked for, for this account; wait for its answer, or use cursor", retryAfter: 1)
        }
        try SlicedFeed(walk, to: request, for: query, permit).pass(query)
    }

    private init(_ walk: FeedWalk, to request: Feed.Request, for query: Query, _ permit: LongRequests.Permit) {
        self.walk = walk
        self.request = request
        self.permit = permit
        call = query.call
        caller = query.caller
        deadline = .now + query.service.configuration.feedSlices.patience
    }

    /// Goes one slice. Then it answers, or waits for the loop's next turn.
    private func pass(_ query: Query) throws {
        let slices = call.service.configuration.feedSlices
        let end = ContinuousClock.now + slices.time / max(1, call.service.longRequests.count)
        if try walk.pass(atMost: slices.entries, in: query.snapshot, until: { ContinuousClock.now >= end }) {
            return try Feed.respond(query, request, &walk)
        }
        guard ContinuousClock.now < deadline else {
            throw APIError.unavailable("the page was not reached in \(slices.patience); use cursor")
        }
        // If the client goes away, the loop may drop this: then the permit goes, too.
        let carried = Carried(self)
        call.exchange.suspend().resume { _ in carried.value.goOn() }
    }

    private func goOn() {
        guard !call.exchange.isAbandoned else {
            return call.exchange.respond(call.service.error(.unavailable("the client has gone")))
        }
        call.handler.goOn(call, by: caller) { try pass($0) }
    }
}

/// How far down the feed numbered pages go, and how long ways there are cut.
public struct FeedSlices: Sendable {
    /// The most tweets that one slice passes over. A page that skips no more is answered at once.
    public var entries = 10_000
    /// How long a slice may take, about. All walks under way share it.
    public var time = Duration.milliseconds(2)
    /// The most tweets that a page may skip; 422 beyond, unless the feed ends before.
    public var longest = 1_000_000
    /// How long a walk may take in all; 503 beyond.
    public var patience = Duration.seconds(60)

    /// The defaults.
    public init() {}
}

/// Which accounts have a request under way that takes long. Each may have one, over all loops.
final class LongRequests: Sendable {
    private let accounts = Guarded<Set<AccountID>>([])

    /// How many there are now.
    var count: Int { accounts.withLock { $0.count } }

    /// Begins a request; `nil` if the account has one already. It ends with the permit.
    func begin(_ account: AccountID) -> Permit? {
        accounts.withLock { $0.insert(account).inserted } ? Permit(account, self) : nil
    }

    /// The right to have a long request under way. It ends when nobody holds it.
    final class Permit: Sendable {
        private let account: AccountID
        private let requests: LongRequests

        fileprivate init(_ account: AccountID, _ requests: LongRequests) {
            self.account = account
            self.requests = requests
        }

        deinit {
            _ = requests.accounts.withLock { $0.remove(account) }
        }
    }
}
