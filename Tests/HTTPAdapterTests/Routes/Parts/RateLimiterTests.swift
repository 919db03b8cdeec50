import Microblog
import Testing

@testable import HTTPAdapter

@Suite struct RateLimiterTests {
    private let ann = AccountID(1)
    private let bob = AccountID(2)

    private func admitted(_ limiter: RateLimiter, _ account: AccountID, now: Double, of count: Int = 1000) -> Int {
        (0..<count).count { _ in limiter.admits(account, now: now) }
    }

    @Test func `Two seconds' worth may come at once, then so many a second`() {
        let limiter = RateLimiter(perSecond: 10)
        #expect(admitted(limiter, ann, now: 100) == 20)
        #expect(admitted(limiter, ann, now: 100) == 0)
        #expect(admitted(limiter, ann, now: 100.25) == 2)
        #expect(admitted(limiter, ann, now: 101.25) == 10)
        #expect(admitted(limiter, ann, now: 5000) == 20)
    }

    @Test func `Each account has a rate of its own`() {
        let limiter = RateLimiter(perSecond: 1)
        #expect(admitted(limiter, ann, now: 0) == 2)
        #expect(admitted(limiter, bob, now: 0) == 2)
    }

    @Test func `Refused requests cost nothing`() {
        let limiter = RateLimiter(perSecond: 1)
        _ = admitted(limiter, ann, now: 0)
        for tenth in 1..<10 { #expect(!limiter.admits(ann, now: Double(tenth) / 10)) }
        #expect(limiter.admits(ann, now: 1.01))
    }

    @Test func `Whoever has used up its share is not forgotten when many accounts call`() {
        let limiter = RateLimiter(perSecond: 1)
        #expect(admitted(limiter, ann, now: 0) == 2)
        for id in 10..<100_100 { _ = limiter.admits(AccountID(UInt64(id)), now: 0) }
        #expect(!limiter.admits(ann, now: 0))
        #expect(!limiter.admits(ann, now: 0.5))
        #expect(limiter.admits(ann, now: 1))
    }
}
