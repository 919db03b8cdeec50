import ContractChecks
import TestSupport
import Testing

@testable import HTTPAdapter

/// How many likes the tweets of a large page show.
@Suite struct PageLikesTests {
    /// Ten fans, of whom so many like each tweet of ann, the oldest first; the first fan reads.
    private func run(
        _ transport: Transport, likes: [Int],
        _ body: (LiveServer, _ reader: APIClient, _ author: APIClient, _ parent: Int) async throws -> Void
    ) async throws {
        try await LiveServer.with {
            $0.http.embeddedLimit = 6
            $0.http.pageLikes = 18
        }.run(transport) { live in
            let author = try await live.register("ann")
            var fans: [APIClient] = []
            for index in 0..<10 { fans.append(try await live.register("fan\(index)")) }
            try fans[0].follow(author)
            let parent = try fans[9].tweet("parent")
            for (index, count) in likes.enumerated() {
                let tweet = try author.tweet("\(index)", replyTo: parent)
                for fan in fans.prefix(count) { try fan.like(tweet) }
            }
            try await body(live, fans[0], author, parent)
        }
    }

    /// How many likes each tweet shows; also checks that the reader's own comes first.
    private func shown(_ target: String, by reader: APIClient) throws -> [Int] {
        let answer = try reader.get(target)
        #expect(answer.status == 200)
        return try #require(answer.json?["tweets"]?.array).map { tweet in
            let likes = tweet["likes"]?.array ?? []
            if tweet["liked"] == .boolean(true), !likes.isEmpty { #expect(likes[0]["user_id"]?.integer == reader.id) }
            return likes.count
        }
    }

    @Test(arguments: Transport.allCases)
    func `A large page takes one number of likes for all its tweets, a small one the usual`(
        transport: Transport
    ) async throws {
        try await run(transport, likes: [8, 1, 7, 5, 9]) { live, reader, author, parent in
            let pages = [
                // Three tweets show no more than 18 with six each.
                ("limit=3", [6, 5, 6]),
                // Four show 6 + 5 + 6 + 1, which are 18, too.
                ("limit=4", [6, 5, 6, 1]),
                // 4 + 4 + 4 + 1 + 4 are 17; with 5 each there would be 21.
                ("limit=5", [4, 4, 4, 1, 4]), ("limit=1000", [4, 4, 4, 1, 4]),
                // What the client asks for is a bound, too.
                ("limit=1000&likes=2", [2, 2, 2, 1, 2]), ("limit=1000&likes=0", [0, 0, 0, 0, 0]),
                ("limit=1000&likes=99", [4, 4, 4, 1, 4]),
            ]
            let targets = [
                "/api/tweets?sort=newest", "/api/users/\(author.id)/tweets?", "/api/tweets/\(parent)/replies?",
            ]
            for (query, expected) in pages {
                for target in targets {
                    let counts = try shown("\(target)&\(query)", by: reader)
                    #expect(counts == expected, "\(target) \(query)")
                }
            }
        }
    }

    @Test(arguments: Transport.allCases)
    func `Pages that are gathered first have the same tweets and cursors`(transport: Transport) async throws {
        try await run(transport, likes: [8, 1, 7, 5, 9]) { live, reader, author, parent in
            try author.post("/api/tweets/\(try author.ids("/api/tweets?sort=newest")[3])/pin")
            for target in [
                "/api/tweets?sort=newest", "/api/tweets?", "/api/users/\(author.id)/tweets?",
                "/api/tweets/\(parent)/replies?",
            ] {
                let whole = try reader.ids("\(target)&limit=1000&likes=0")
                let first = try #require(try reader.get("\(target)&limit=4").json)
                let cursor = try #require(first["next_cursor"]?.string)
                let rest = try reader.ids("\(target)&limit=4&cursor=\(cursor)")
                #expect((first["tweets"]?.array ?? []).compactMap { $0["id"]?.integer } + rest == whole, "\(target)")
                #expect(rest.count == 1)
            }
            let profile = try #require(try reader.get("/api/users/\(author.id)/tweets?limit=5").json?["tweets"]?.array)
            #expect(profile.map { $0["pinned"] == .boolean(true) } == [true, false, false, false, false])
        }
    }

    @Test func `The number of likes is the largest one with which the page stays within its bound`() {
        var random = SplitMix64(seed: 120)
        for _ in 0..<500 {
            let counts = (0..<random.below(12)).map { _ in UInt32(random.below(30)) }
            let (highest, bound) = (random.below(30), 1 + random.below(150))
            func sum(_ limit: Int) -> Int { counts.map { min(limit, Int($0)) }.reduce(0, +) }
            let limit = TweetPage.likesLimit(counts, atMost: highest, sum: bound)
            #expect(sum(limit) <= bound)
            #expect(limit == highest || sum(limit + 1) > bound, "\(counts) \(highest) \(bound)")
            #expect(limit <= highest)
        }
    }
}
