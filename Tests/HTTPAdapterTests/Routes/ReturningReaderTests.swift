import ContractChecks
import Microblog
import Projections
import Testing

@testable import HTTPAdapter

/// Who follows many and comes back gets the bytes that a merge of all authors makes, whatever happened meanwhile.
@Suite struct ReturningReaderTests {
    /// A cursor from beyond the newest tweet: the page is the first one, and is merged.
    private static let beyond = ListCursor(.newest, before: 1 << 40).text

    private func check(_ reader: APIClient, sourceLocation: SourceLocation = #_sourceLocation) throws {
        for query in ["limit=5", "limit=5&likes=0", "limit=50"] {
            let target = "/api/tweets?sort=newest&\(query)"
            let (found, merged) = (try reader.get(target), try reader.get(target + "&cursor=" + Self.beyond))
            #expect(found.status == 200, sourceLocation: sourceLocation)
            #expect(found.body == merged.body, "\(query)", sourceLocation: sourceLocation)
            #expect((found["Link"] == nil) == (merged["Link"] == nil), sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: Transport.allCases) func `The page shows each change at once`(transport: Transport) async throws {
        try await LiveServer.run(transport) { live in
            let reader = try await live.register("reader")
            let other = try await live.register("other")
            var authors: [APIClient] = []
            for number in 0..<70 {
                authors.append(try await live.register("author\(number)"))
                try reader.follow(authors[number])
            }
            try check(reader)
            var tweets: [Int] = []
            for author in authors.prefix(9) {
                tweets.append(try author.tweet("by \(author.id)"))
                try check(reader)
            }
            // What is shown of tweets that were seen before.
            try other.like(tweets[8])
            try check(reader)
            #expect(try reader.get("/api/tweets?sort=newest").json?["tweets"]?[0]?["likes_count"] == .integer(1))
            let name = Array("{\"name\": \"Other name\"}".utf8)
            #expect(try authors[8].call("PATCH", "/api/users/me", body: name).status == 200)
            try check(reader)
            #expect(
                try reader.get("/api/tweets?sort=newest").json?["tweets"]?[0]?["author"]?["name"]
                    == .string("Other name"))
            // What is gone, at the end of the page and beyond.
            for gone in [8, 3, 2, 0] {
                #expect(try authors[gone].delete("/api/tweets/\(tweets[gone])").status == 200)
                try check(reader)
            }
            // Whom the reader follows.
            try other.tweet("not followed yet")
            try check(reader)
            try reader.follow(other)
            try check(reader)
            #expect(try reader.delete("/api/users/\(other.id)/follow").status == 200)
            try check(reader)
            try reader.tweet("of the reader")
            try check(reader)
            let metrics = String(decoding: try reader.get("/metrics").body, as: UTF8.self)
            let seen = metrics.firstMatch(of: /martlet_feed_pages_total\{source="seen"\} (\d+)/)?.output.1
            #expect(try #require(seen.flatMap { Int($0) }) > 20)
            #expect(metrics.contains("martlet_feed_cache_readers 1\n"))
        }
    }
}
