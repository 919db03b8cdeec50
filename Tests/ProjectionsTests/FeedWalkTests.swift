import Microblog
import PlainMicroblog
import PlainViews
import TestSupport
import Testing

@testable import Projections

/// The way to a numbered page, gone in parts, shows what a page that was read at once would show.
@Suite struct FeedWalkTests {
    /// Reads a page by a walk in parts.
    ///
    /// - Parameter between: what happens between two parts.
    private func page(
        _ views: ProjectedViews, _ account: AccountID, _ order: FeedOrder, skip: Int, limit: Int, part: Int,
        between: () async throws -> Void = {}
    ) async throws -> (posts: [PostID], next: FeedPlace?) {
        var walk = try views.store.read { try FeedWalk($0, of: account, order, skip: skip) }
        while try !views.store.read({ try walk.pass(atMost: part, in: $0) }) { try await between() }
        return try views.store.read { snapshot in
            var posts: [PostID] = []
            let next = try walk.page(of: limit, in: snapshot) { posts.append($0.id) }
            return (posts, next)
        }
    }

    @Test(arguments: 70...75 as ClosedRange<UInt64>)
    func `In parts of any size a walk comes to the page that a walk at once comes to`(seed: UInt64) async throws {
        try await ProjectedViews.with { views in
            var history = RandomHistory(seed: seed)
            history.grow(to: 300)
            try await views.apply(history.events)
            for account in history.views.accounts.keys.sorted() {
                for order in [FeedOrder.popular, .newest] {
                    let feed = history.views.feed(of: account, order).map { PostID($0.entry) }
                    for skip in Set([0, 1, feed.count / 2, feed.count - 1, feed.count, feed.count + 1]) where skip >= 0
                    {
                        for part in [1, 2, 5, feed.count + 1] {
                            let answer = try await page(views, account, order, skip: skip, limit: 3, part: part)
                            #expect(answer.posts == Array(feed.dropFirst(skip).prefix(3)), "\(skip) by \(part)")
                            #expect((answer.next == nil) == (skip + 3 >= feed.count))
                        }
                    }
                }
            }
        }
    }

    @Test(arguments: 80...85 as ClosedRange<UInt64>)
    func `By time a walk comes to the same page whatever is published meanwhile`(seed: UInt64) async throws {
        try await ProjectedViews.with { views in
            var random = SplitMix64(seed: seed)
            var history = RandomHistory(seed: seed)
            history.grow(to: 300)
            try await views.apply(history.events)
            let (account, feed) = try #require(Self.longestFeed(history.views, .newest))
            let authors = Set(feed.compactMap { history.views.posts[PostID($0.entry)]?.author }).sorted()
            for part in 1...3 {
                let before = history.views.feed(of: account, .newest).map { PostID($0.entry) }
                let skip = random.below(before.count)
                let answer = try await page(views, account, .newest, skip: skip, limit: 5, part: part) {
                    let author = authors[random.below(authors.count)]
                    history.append(
                        .postPublished(PostPublished(text: "meanwhile", replyTo: nil, media: [])), by: .account(author))
                    try await views.apply(history.events.suffix(1))
                }
                #expect(answer.posts == Array(before.dropFirst(skip).prefix(5)), "\(skip) by \(part)")
            }
        }
    }

    @Test(arguments: 90...109 as ClosedRange<UInt64>)
    func `Whatever happens meanwhile, the page is one moment, and what kept its place was counted once`(
        seed: UInt64
    ) async throws {
        try await ProjectedViews.with { views in
            var random = SplitMix64(seed: seed)
            var history = RandomHistory(seed: seed)
            history.grow(to: 300)
            try await views.apply(history.events)
            for order in [FeedOrder.popular, .newest] {
                let (account, feed) = try #require(Self.longestFeed(history.views, order))
                let skip = random.below(feed.count)
                /// What stood in one place all the time.
                var steady = Set(feed)
                /// Every place that a post ever had, and the authors whose posts were ever in the feed.
                var (places, authors) = (Self.places(history.views, order), Self.authors(history.views, account))
                let answer = try await page(views, account, order, skip: skip, limit: 1_000, part: 1 + random.below(3))
                {
                    let done = history.events.count
                    history.grow(to: done + 1 + random.below(3))
                    for event in history.events[done...] {
                        try await views.apply([event])
                        var now = PlainMicroblog()
                        for event in history.events[..<Int(event.position)] { now.apply(event) }
                        steady.formIntersection(now.feed(of: account, order))
                        places.merge(Self.places(now, order)) { old, _ in old }
                        authors.formUnion(Self.authors(now, account))
                    }
                }
                // The page is the end of the feed as it is now; so it begins at one of its places.
                let now = history.views.feed(of: account, order)
                #expect(answer.posts == now.suffix(answer.posts.count).map { PostID($0.entry) })
                guard let first = now.suffix(answer.posts.count).first else { continue }
                #expect(steady.count { $0 > first } <= skip)
                #expect(places.count { $0.key > first && authors.contains($0.value) } >= skip)
            }
        }
    }

    @Test func `A part ends when the time is up, and later ones go on`() async throws {
        try await ProjectedViews.with { views in
            var history = RandomHistory(seed: 110)
            history.grow(to: 900)
            try await views.apply(history.events)
            let (account, feed) = try #require(Self.longestFeed(history.views, .newest))
            try #require(feed.count > 71)
            try views.store.read { snapshot in
                var walk = try FeedWalk(snapshot, of: account, .newest, skip: 71)
                var looks = 0
                while try !walk.pass(
                    in: snapshot,
                    until: {
                        looks += 1
                        return true
                    })
                { #expect(looks < 100) }
                #expect(looks == 1)
                var posts: [PostID] = []
                _ = try walk.page(of: 1, in: snapshot) { posts.append($0.id) }
                #expect(posts == [PostID(feed[71].entry)])
            }
        }
    }

    @Test func `What is beyond the end needs no walk`() async throws {
        try await ProjectedViews.with { views in
            var history = RandomHistory(seed: 111)
            history.grow(to: 300)
            try await views.apply(history.events)
            try views.store.read { snapshot in
                for account in history.views.accounts.keys {
                    for order in [FeedOrder.popular, .newest] {
                        let count = history.views.feed(of: account, order).count
                        if count > 0 {
                            let last = try FeedWalk(snapshot, of: account, order, skip: count - 1)
                            #expect(last.left == count - 1)
                        }
                        for skip in [count, count + 1, .max] {
                            var walk = try FeedWalk(snapshot, of: account, order, skip: skip)
                            #expect(walk.left == 0)
                            #expect(try walk.page(of: 5, in: snapshot) { _ in Issue.record("a post") } == nil)
                        }
                    }
                }
            }
        }
    }

    /// The places of all posts, and who wrote each.
    private static func places(_ views: PlainMicroblog, _ order: FeedOrder) -> [FeedPlace: AccountID] {
        Dictionary(
            uniqueKeysWithValues: views.posts.map { id, post in
                let likes = order == .popular ? views.likeCount(id) : 0
                return (FeedPlace(likes: likes, entry: id.rawValue), post.author)
            })
    }

    /// Whose posts a feed shows.
    private static func authors(_ views: PlainMicroblog, _ account: AccountID) -> Set<AccountID> {
        Set((views.following[account] ?? []).map(\.account) + [account])
    }

    /// The feed with the most entries, and whose it is.
    private static func longestFeed(
        _ views: PlainMicroblog, _ order: FeedOrder
    ) -> (account: AccountID, feed: [FeedPlace])? {
        views.accounts.keys.sorted().map { ($0, views.feed(of: $0, order)) }.max { $0.1.count < $1.1.count }
    }
}
