import Microblog
import TestSupport
import Testing

@testable import Projections

/// What is remembered of feeds is bounded, and goes forward only.
@Suite struct FeedCacheTests {
    private func feed(at position: UInt64, in generation: Int = 1, entries: Int = 20) -> SeenFeed {
        SeenFeed(
            generation: generation, position: position, following: 100,
            entries: (0..<entries).map { FeedEntry(PostID(UInt64($0 + 1))) }, isWhole: false)
    }

    @Test func `It never holds more than its memory`() {
        let cache = FeedCache(memory: 1 << 16)
        var random = SplitMix64(seed: 1)
        for step in 0..<20_000 {
            cache.remember(
                feed(at: UInt64(step), entries: random.below(400)), of: AccountID(UInt64(1 + random.below(2_000))))
            if step % 100 == 0 { #expect(cache.byteCount <= 1 << 16) }
        }
        #expect(cache.count > 10)
        #expect(cache.byteCount > 1 << 15)
    }

    @Test func `Without memory it holds nothing`() {
        let cache = FeedCache(memory: 0)
        cache.remember(feed(at: 1), of: AccountID(1))
        #expect(cache.seen(by: AccountID(1)) == nil)
        #expect(cache.byteCount == 0)
    }

    @Test func `Readers who return stay when others come once`() {
        let cache = FeedCache(memory: 1 << 18)
        let returning = (1...20).map { AccountID(UInt64($0)) }
        for reader in returning { cache.remember(feed(at: 1), of: reader) }
        for number in 1...20_000 {
            if number % 100 == 0 { for reader in returning { _ = cache.seen(by: reader) } }
            cache.remember(feed(at: 1), of: AccountID(UInt64(1_000 + number)))
        }
        #expect(returning.allSatisfy { cache.seen(by: $0) != nil })
        #expect((1...20_000).count { cache.seen(by: AccountID(UInt64(1_000 + $0))) != nil } < 1_000)
    }

    @Test func `What is later stays`() throws {
        let cache = FeedCache(memory: 1 << 16)
        for (position, generation, expected) in [
            (10, 2, 10), (9, 2, 10), (11, 1, 10), (10, 2, 10), (12, 2, 12), (3, 3, 3),
        ] {
            cache.remember(feed(at: UInt64(position), in: generation), of: AccountID(1))
            #expect(try #require(cache.seen(by: AccountID(1))).position == UInt64(expected))
        }
        #expect(cache.count == 1)
        #expect(cache.byteCount == feed(at: 1).byteCount)
    }
}
