import ContractChecks
import HTTPServer
import TestSupport
import Testing

@testable import HTTPAdapter

/// Numbered pages far down the feed: looked for in slices, between other requests.
@Suite struct NumberedPageTests {
    /// A server with so many tweets of one account, which another one reads.
    private func run(
        _ transport: Transport, tweets count: Int, _ slices: FeedSlices,
        _ body: (LiveServer, _ reader: APIClient, _ author: APIClient, _ tweets: [Int]) async throws -> Void
    ) async throws {
        try await LiveServer.with {
            $0.http.feedSlices = slices
            // One loop, so that what is answered is answered between the slices.
            $0.http.server.loops = 1
        }.run(transport) { live in
            let author = try await live.register("ann")
            let reader = try await live.register("bob")
            try reader.follow(author)
            let tweets = try (0..<count).map { try author.tweet("\($0)") }
            try await body(live, reader, author, tweets)
        }
    }

    /// How many walks are under way, once there are as many as expected.
    private func walks(_ expected: Int, _ live: LiveServer) throws -> Int? {
        var walks: Int?
        for _ in 0..<2_000 where walks != expected {
            let text = try live.stranger.get("/metrics").text
            walks = text.firstMatch(of: /\nmartlet_http_long_requests (\d+)\n/).flatMap { Int($0.output.1) }
        }
        return walks
    }

    @Test(arguments: Transport.allCases, [1, 2, 7])
    func `In slices, pages are the same as at once`(transport: Transport, slice: Int) async throws {
        try await run(transport, tweets: 40, .with(entries: slice)) { live, reader, author, tweets in
            for liked in [3, 11, 12, 30] { try author.like(tweets[liked]) }
            try reader.like(tweets[11])
            let popular = [11, 30, 12, 3] + (0..<40).reversed().filter { ![3, 11, 12, 30].contains($0) }
            for (sort, feed) in [("newest", tweets.reversed()), ("popular", popular.map { tweets[$0] })] {
                for limit in [1, 6, 39] {
                    for number in 1...(40 / limit + 2) {
                        let expected = Array(feed.dropFirst((number - 1) * limit).prefix(limit))
                        let target = "/api/tweets?sort=\(sort)&limit=\(limit)&offset=\(number)"
                        #expect(try reader.ids(target) == expected, "\(target)")
                    }
                }
                // The cursor of such a page goes on where it ends.
                let cursor = try #require(
                    reader.get("/api/tweets?sort=\(sort)&limit=9&offset=3").json?["next_cursor"]?.string)
                #expect(try reader.ids("/api/tweets?sort=\(sort)&cursor=\(cursor)") == Array(feed[27...]))
            }
            #expect(try walks(0, live) == 0)
        }
    }

    @Test(arguments: Transport.allCases)
    func `What is published between the slices shifts the page at most by what was there at its beginning`(
        transport: Transport
    ) async throws {
        try await run(transport, tweets: 50, .with(entries: 1)) { _, reader, author, tweets in
            var feed = Array(tweets.reversed())
            for skip in stride(from: 5, to: 50, by: 5) {
                let answer = try reader.send("GET", "/api/tweets?sort=newest&limit=5&offset=\(skip / 5 + 1)")
                let published = Array(try (0..<10).map { try author.tweet("between \($0)") }.reversed())
                let ids = try answer().json?["tweets"]?.array?.compactMap { $0["id"]?.integer }
                // It began when some of these were published, and then passed over exactly so many.
                let possible = (0...10).map { Array((published.suffix($0) + feed).dropFirst(skip).prefix(5)) }
                #expect(ids.map { possible.contains($0) } == true, "\(skip)")
                feed = published + feed
            }
        }
    }

    @Test(arguments: Transport.allCases)
    func `One account has one such page at a time, and all other requests are answered meanwhile`(
        transport: Transport
    ) async throws {
        // A walk in slices of nothing does not come to its end.
        try await run(transport, tweets: 5, .with(entries: 0)) { live, reader, author, tweets in
            let first = try reader.another().send("GET", "/api/tweets?limit=1&offset=4")
            #expect(try walks(1, live) == 1)
            for _ in 0..<3 {
                let refused = try reader.get("/api/tweets?limit=2&offset=2")
                #expect(refused.status == 429)
                #expect(refused.errorType == "too_many_requests")
                #expect(refused["Retry-After"] == "1")
                #expect(refused.text.contains("cursor"))
                // What needs no walk is not refused.
                #expect(try reader.ids("/api/tweets?limit=2") == tweets[3...].reversed())
                #expect(try reader.ids("/api/tweets?limit=2&offset=4") == [])
                #expect(try reader.get("/api/users/me").status == 200)
                try author.tweet("written meanwhile")
                try author.delete("/api/tweets/\(try #require(reader.ids("/api/tweets?sort=newest").first))")
            }
            let second = try author.another().send("GET", "/api/tweets?limit=1&offset=4")
            #expect(try walks(2, live) == 2)
            #expect(try author.get("/api/tweets?limit=1&offset=4").status == 429)
            #expect(try live.stranger.get("/healthz").status == 200)
            // Whoever does not wait for the answer any more would end the walk.
            withExtendedLifetime((first, second)) {}
        }
    }

    @Test func `A client that goes away ends its walk`() async throws {
        try await run(.socket, tweets: 5, .with(entries: 0)) { live, reader, _, _ in
            guard case .socket(let port) = live.wire else { return }
            for _ in 0..<3 {
                do {
                    let leaving = try RawClient(port: port)
                    try leaving.send(
                        "GET /api/tweets?limit=1&offset=4 HTTP/1.1\r\nHost: test\r\napi-key: \(reader.key ?? "")\r\n\r\n"
                    )
                    #expect(try walks(1, live) == 1)
                    withExtendedLifetime(leaving) {}
                }
                #expect(try walks(0, live) == 0)
            }
        }
    }

    @Test(arguments: Transport.allCases)
    func `A page that skips too much is 422 with the bound, but not beyond the end`(transport: Transport) async throws {
        try await run(transport, tweets: 12, .with(longest: 6)) { _, reader, _, tweets in
            let feed = Array(tweets.reversed())
            #expect(try reader.ids("/api/tweets?limit=3&offset=3") == Array(feed[6..<9]))
            for query in ["limit=7&offset=2", "limit=1&offset=8", "sort=newest&limit=11&offset=2"] {
                let answer = try reader.get("/api/tweets?\(query)")
                #expect(answer.status == 422, "\(query)")
                #expect(answer.text.contains("at most 6") && answer.text.contains("cursor"))
            }
            for query in ["limit=12&offset=2", "limit=1&offset=13", "limit=1000&offset=9007199254740991"] {
                #expect(try reader.ids("/api/tweets?\(query)") == [], "\(query)")
            }
        }
    }

    @Test(arguments: Transport.allCases) func `A walk that lasts too long is 503`(transport: Transport) async throws {
        try await run(transport, tweets: 5, .with(entries: 0, patience: .milliseconds(20))) { live, reader, _, _ in
            let answer = try reader.get("/api/tweets?limit=1&offset=4")
            #expect(answer.status == 503)
            #expect(answer.text.contains("cursor"))
            #expect(try walks(0, live) == 0)
        }
    }
}

extension FeedSlices {
    /// The usual ones, but for what is given.
    fileprivate static func with(
        entries: Int? = nil, longest: Int? = nil, patience: Duration? = nil
    ) -> FeedSlices {
        var slices = FeedSlices()
        slices.entries = entries ?? slices.entries
        slices.longest = longest ?? slices.longest
        slices.patience = patience ?? slices.patience
        return slices
    }
}
