import Microblog
import PlainMicroblog
import PlainViews
import TestSupport
import Testing

@testable import Projections

/// A page never repeats or misses a post that was there when the first page was read and did not change its place.
@Suite struct FeedCursorTests {
    @Test(arguments: 40...59 as ClosedRange<UInt64>)
    func `Pages read while others write keep what did not change its place`(seed: UInt64) async throws {
        try await ProjectedViews.with { views in
            var random = SplitMix64(seed: seed)
            var history = RandomHistory(seed: seed)
            history.grow(to: 300)
            try await views.apply(history.events)
            for order in [FeedOrder.popular, .newest] {
                let account = history.views.accounts.keys.sorted()[random.below(history.views.accounts.count)]
                var steady = Set(history.views.feed(of: account, order))
                var read: [PostID] = []
                var place: FeedPlace?
                repeat {
                    let page = try views.store.read {
                        try PlainMicroblog.page($0, account, order, after: place, limit: 2 + Int(seed % 4))
                    }
                    read += page.posts
                    place = page.next
                    let done = history.events.count
                    history.grow(to: done + 1 + random.below(6))
                    // One event at a time, so that a place that was left and taken again is seen, too.
                    for event in history.events[done...] {
                        try await views.apply([event])
                        var now = PlainMicroblog()
                        for event in history.events[..<Int(event.position)] { now.apply(event) }
                        steady.formIntersection(now.feed(of: account, order))
                    }
                } while place != nil
                let steadyRead = read.filter { id in steady.contains { $0.entry == id.rawValue } }
                #expect(steadyRead == steady.sorted(by: >).map { PostID($0.entry) })
            }
        }
    }

    @Test func `A place by time is a post whatever its likes`() async throws {
        try await ProjectedViews.with { views in
            var history = RandomHistory(seed: 60)
            history.grow(to: 300)
            try await views.apply(history.events)
            for account in history.views.accounts.keys {
                let feed = history.views.feed(of: account, .newest).map { PostID($0.entry) }
                for index in feed.indices {
                    let place = FeedPlace(likes: 7, entry: feed[index].rawValue)
                    let page = try views.store.read {
                        try PlainMicroblog.page($0, account, .newest, after: place, limit: 3)
                    }
                    #expect(page.posts == Array(feed[(index + 1)...].prefix(3)))
                }
            }
        }
    }

    @Test func `A place of a post that is gone still holds its place`() async throws {
        try await ProjectedViews.with { views in
            var history = RandomHistory(seed: 61)
            history.grow(to: 300)
            let feeds = history.views.accounts.keys.map { ($0, history.views.feed(of: $0, .popular)) }
            let (account, feed) = try #require(feeds.max { $0.1.count < $1.1.count })
            try #require(feed.count > 4)
            let gone = PostID(feed[1].entry)
            let author = try #require(history.views.posts[gone]?.author)
            history.append(.postDeleted(PostDeleted(gone)), by: .account(author))
            try await views.apply(history.events)
            let page = try views.store.read {
                try PlainMicroblog.page($0, account, .popular, after: feed[1], limit: feed.count)
            }
            #expect(page.posts == feed[2...].map { PostID($0.entry) })
        }
    }

    @Test func `A feed of nobody and a page of nothing are empty`() async throws {
        try await ProjectedViews.with { views in
            var history = RandomHistory(seed: 62)
            history.grow(to: 100)
            try await views.apply(history.events)
            try views.store.read { views in
                let account = try #require(history.views.accounts.keys.min())
                #expect(try PlainMicroblog.page(views, AccountID(9_999), .popular, limit: 10).posts == [])
                #expect(try PlainMicroblog.page(views, account, .popular, limit: 0).posts == [])
                #expect(try PlainMicroblog.page(views, account, .newest, skip: 1_000, limit: 10).posts == [])
            }
        }
    }
}
