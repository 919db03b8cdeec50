import LMDB
import Microblog
import PlainMicroblog
import PlainViews
import TestSupport
import Testing

@testable import Projections

/// Whatever is remembered of what readers saw, the first page of a newest feed is what the full merge shows.
@Suite struct NewestFeedTests {
    /// A page as a reader gets it.
    private struct Page: Equatable {
        var posts: [String] = []
        var next: FeedPlace?

        mutating func add(_ post: PostRow) { posts.append("\(post.id) by \(post.author), \(post.likes) likes") }
    }

    /// Read models that loops have at different positions, with what they remember in common.
    private final class Loop {
        let views: ProjectedViews
        private let reader: PageReader
        private(set) var position = 0

        init(_ views: ProjectedViews) {
            self.views = views
            reader = PageReader(views.store.environment)
        }

        func goOn(_ history: RandomHistory, to end: Int) async throws {
            guard end > position else { return }
            try await views.apply(history.events[position..<end])
            position = end
        }

        /// The page with what is remembered, and by the full merge, in one snapshot.
        func visit(_ account: AccountID, limit: Int, _ memory: FeedMemory?) throws -> (found: Page, merged: Page) {
            try reader.read { pages in
                let snapshot = ViewSnapshot(pages, views.store.tables, feeds: memory)
                var (found, merged) = (Page(), Page())
                found.next = try snapshot.newestFeed(of: account, limit: limit) { found.add($0) }
                merged.next = try snapshot.feed(of: account, .newest, limit: limit) { merged.add($0) }
                return (found, merged)
            }
        }
    }

    /// Memory for two readers to all; looks that end at once, and that go on.
    @Test(arguments: 700...707 as ClosedRange<UInt64>)
    func `A page is that of the full merge, whoever came when`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let cache = FeedCache(
            memory: [16 * 500, 16 * 1_200, 1 << 20][random.below(3)], leastFollowing: [0, 0, 2][random.below(3)],
            accountsPerLook: [1, 4][random.below(2)])
        // Each generation is of another history, so that nothing of an earlier one is right.
        for generation in 1...2 {
            let memory = FeedMemory(cache, generation: generation)
            try await withLoops(3) { loops in
                var history = RandomHistory(seed: seed &* 10 &+ UInt64(generation))
                // Readers come from the generation before at earlier positions.
                history.grow(to: generation == 1 ? 40 : 600)
                for _ in 0..<80 {
                    // From a part of a page to more than any page: what is new, and what happens to what was seen.
                    history.grow(to: history.events.count + random.below(random.oneIn(8) ? 80 : 6))
                    let loop = loops[random.below(loops.count)]
                    let lag = random.oneIn(2) ? 0 : random.below(30)
                    try await loop.goOn(history, to: history.events.count - lag)
                    let accounts = history.views.accounts.keys.sorted()
                    for _ in 0..<random.below(6) {
                        let account = accounts[random.below(accounts.count)]
                        let limit = [1, 2, 3, 3, 3, 8, 20, 100][random.below(8)]
                        let page = try loop.visit(account, limit: limit, memory)
                        #expect(page.found == page.merged, "\(account) at \(loop.position), limit \(limit)")
                    }
                }
            }
        }
        #expect(FeedSource.allCases.allSatisfy { cache.pages($0) > 0 })
    }

    @Test func `Who comes back gets what is new from the newest posts, and the rest from what he saw`() async throws {
        try await withLoops(1) { loops in
            var reader = Reader(loops[0])
            for author in Reader.authors { reader.post(by: author) }
            // Nobody whom the reader follows has posted of late.
            reader.postElsewhere(100)
            #expect(try await reader.visit(limit: 20).posts.count == 20)
            #expect(reader.pages == [0, 0, 1])
            _ = try await reader.visit(limit: 20)
            #expect(reader.pages == [1, 0, 1])
            for author in Reader.authors.prefix(3) { reader.post(by: author) }
            reader.postElsewhere(5)
            _ = try await reader.visit(limit: 20)
            #expect(reader.pages == [2, 0, 1])
            // A follow, or its end, makes that it cannot be told from posts alone.
            reader.unfollow(2)
            reader.postElsewhere(100)
            _ = try await reader.visit(limit: 20)
            #expect(reader.pages == [2, 0, 2])
            // Enough is new.
            for author in Reader.authors.dropFirst() { reader.post(by: author) }
            _ = try await reader.visit(limit: 20)
            #expect(reader.pages == [2, 1, 2])
        }
    }

    @Test func `A feed that has grown beyond what is remembered is not taken for the whole`() async throws {
        try await withLoops(1) { loops in
            var reader = Reader(loops[0])
            for author in Reader.authors { reader.post(by: author) }
            #expect(try await reader.visit(limit: 100).posts.count == Reader.authors.count)
            for _ in 0..<10 {
                for author in Reader.authors.prefix(3) { reader.post(by: author) }
                _ = try await reader.visit(limit: 5)
            }
            #expect(reader.pages == [10, 0, 1])
            #expect(try await reader.visit(limit: 100).posts.count == Reader.authors.count + 30)
        }
    }

    @Test func `What was seen in another generation is not used`() async throws {
        try await withLoops(2) { loops in
            var before = Reader(loops[0])
            for author in Reader.authors { before.post(by: author) }
            let seen = try await before.visit(limit: 20)
            #expect(seen.posts.count == 20)
            // Here the same posts are by somebody whom the reader does not follow.
            var after = Reader(loops[1], after: before)
            after.postElsewhere(Reader.authors.count)
            after.post(by: 2)
            let page = try await after.visit(limit: 20)
            #expect(page.posts.count == 1)
        }
    }

    /// A reader who follows forty authors, and the loop that answers him.
    private struct Reader {
        static let authors = 2...41
        private static let account = AccountID(1)
        private let loop: Loop
        private let memory: FeedMemory
        private var history = RandomHistory(seed: 0)

        /// - Parameter before: what is remembered in the generation before.
        init(_ loop: Loop, after before: Reader? = nil) {
            self.loop = loop
            memory = FeedMemory(
                before?.memory.cache ?? FeedCache(memory: 1 << 20, leastFollowing: 1, accountsPerLook: 1),
                generation: (before?.memory.generation ?? 0) + 1)
            for number in 1...45 { history.append(NewestFeedTests.registered(number), by: .operator) }
            for author in Self.authors {
                history.append(.accountFollowed(AccountFollowed(AccountID(UInt64(author)))), by: .account(Self.account))
            }
        }

        /// How many pages were found in each way.
        var pages: [UInt64] { FeedSource.allCases.map { memory.cache.pages($0) } }

        mutating func post(by number: Int) {
            let post = PostPublished(text: "x", replyTo: nil, media: [])
            history.append(.postPublished(post), by: .account(AccountID(UInt64(number))))
        }

        /// Posts by somebody whom the reader does not follow.
        mutating func postElsewhere(_ count: Int) {
            for _ in 0..<count { post(by: 44) }
        }

        mutating func unfollow(_ number: Int) {
            let end = AccountUnfollowed(AccountID(UInt64(number)))
            history.append(.accountUnfollowed(end), by: .account(Self.account))
        }

        func visit(limit: Int) async throws -> Page {
            try await loop.goOn(history, to: history.events.count)
            let page = try loop.visit(Self.account, limit: limit, memory)
            #expect(page.found == page.merged)
            return page.found
        }
    }

    private static func registered(_ number: Int) -> Event {
        .accountRegistered(
            AccountRegistered(
                handle: try! Handle("h\(number)"), name: try! DisplayName("N\(number)"), role: .member, key: nil))
    }

    /// Lends read models of so many loops.
    private func withLoops(
        _ count: Int, _ loops: [Loop] = [], _ body: ([Loop]) async throws -> Void
    ) async throws {
        guard loops.count < count else { return try await body(loops) }
        try await ProjectedViews.with { try await withLoops(count, loops + [Loop($0)], body) }
    }
}
