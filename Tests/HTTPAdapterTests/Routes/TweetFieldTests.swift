import ContractChecks
import FoundationEssentials
import Testing

@testable import HTTPAdapter

/// The members of a tweet that are ours.
@Suite struct TweetFieldTests {
    @Test(arguments: Transport.allCases) func `The field created_at is the time of publishing in UTC with milliseconds`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let before = Date()
            let tweet = try ann.tweet("x")
            let after = Date()
            let text = try #require(ann.read(tweet)["created_at"]?.string)
            #expect(text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil, "\(text)")
            let time = try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            #expect(time >= before.addingTimeInterval(-0.002) && time <= after.addingTimeInterval(0.002))
        }
    }

    @Test(arguments: Transport.allCases) func `The field liked is the caller's own view, likes_count everybody's`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob")
            let tweet = try ann.tweet("x")
            try bob.like(tweet)
            #expect(try ann.read(tweet)["liked"] == .boolean(false))
            #expect(try bob.read(tweet)["liked"] == .boolean(true))
            #expect(try ann.read(tweet)["likes_count"] == .integer(1))
            #expect(try bob.read(tweet, "?likes=0")["liked"] == .boolean(true))
        }
    }

    @Test(arguments: Transport.allCases)
    func `The field reply_to is the tweet that is answered, and stays when that one is gone`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob")
            let tweet = try ann.tweet("x")
            let reply = try bob.tweet("y", replyTo: tweet)
            let deeper = try ann.tweet("z", replyTo: reply)
            #expect(try ann.read(tweet)["reply_to"] == .null)
            #expect(try ann.read(reply)["reply_to"] == .integer(tweet))
            #expect(try ann.read(deeper)["reply_to"] == .integer(reply))
            #expect(try ann.ids("/api/tweets/\(tweet)/replies") == [reply])
            try ann.delete("/api/tweets/\(tweet)")
            #expect(try ann.read(reply)["reply_to"] == .integer(tweet))
            #expect(try ann.get("/api/tweets/\(tweet)/replies").status == 404)
            #expect(try ann.post("/api/tweets", "{\"tweet_data\": \"x\", \"reply_to\": \(tweet)}").status == 404)
        }
    }

    @Test(arguments: Transport.allCases)
    func `The field likes has the caller's own first, then the newest, up to the limit`(
        transport: Transport
    ) async throws {
        try await LiveServer.with { $0.http.embeddedLimit = 4 }.run(transport) { live in
            let ann = try await live.register("ann")
            let tweet = try ann.tweet("x")
            var fans: [APIClient] = []
            for index in 0..<7 { fans.append(try await live.register("fan\(index)")) }
            for fan in fans { try fan.like(tweet) }
            func likes(_ caller: APIClient, _ query: String) throws -> [Int] {
                let seen = try caller.read(tweet, query)
                #expect(seen["likes_count"] == .integer(7))
                return seen["likes"]?.array?.compactMap { $0["user_id"]?.integer } ?? []
            }
            func ids(_ indices: Int...) -> [Int] { indices.map { fans[$0].id } }
            #expect(try likes(ann, "") == ids(6, 5, 4, 3))
            #expect(try likes(fans[0], "") == ids(0, 6, 5, 4))
            #expect(try likes(fans[5], "") == ids(5, 6, 4, 3))
            #expect(try likes(fans[6], "") == ids(6, 5, 4, 3))
            #expect(try likes(fans[0], "?likes=0") == [])
            #expect(try likes(fans[0], "?likes=1") == ids(0))
            #expect(try likes(fans[0], "?likes=2") == ids(0, 6))
            #expect(try likes(fans[0], "?likes=4") == ids(0, 6, 5, 4))
            #expect(try likes(fans[0], "?likes=1000") == ids(0, 6, 5, 4))
        }
    }

    @Test(arguments: Transport.allCases)
    func `The field likes is complete while it fits, and every call that answers tweets heeds the parameter`(
        transport: Transport
    )
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob")
            let cat = try await live.register("cat")
            let tweet = try ann.tweet("x")
            let reply = try ann.tweet("y", replyTo: tweet)
            for fan in [ann, bob, cat] {
                try fan.like(tweet)
                try fan.like(reply)
            }
            let places = [
                "/api/tweets?", "/api/tweets?sort=newest&", "/api/users/\(ann.id)/tweets?",
                "/api/tweets/\(tweet)/replies?",
            ]
            for place in places {
                for (query, count) in [("", 3), ("likes=0", 0), ("likes=2", 2), ("likes=9007199254740991", 3)] {
                    let tweets = try bob.get(place + query).json?["tweets"]?.array ?? []
                    let own = try ann.get(place + query).json?["tweets"]?.array ?? []
                    for seen in tweets + own { #expect(seen["likes"]?.array?.count == count, "\(place)\(query)") }
                    #expect(!own.isEmpty)
                }
            }
        }
    }

    @Test(arguments: Transport.allCases) func `Texts come back as they were sent`(transport: Transport) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let texts = [
                "  spaces at both ends  ", "line\nfeed\r\nand\ttab", "\"quotes\" and \\ backslashes / slashes",
                "👩‍👩‍👧‍👦 e\u{301} é 𝄞 ‮right to left‬", "\u{0}NUL \u{1F} \u{7F} \u{80} \u{9F}", "\u{FEFF}mark",
                "\u{FFFF}\u{10FFFF}",
                "</script><!-- & &amp; ' -->", "\u{2028}x\u{2029}", String(repeating: "\u{1}", count: 1000),
                "aaaaaaa\"", "aaaaaaaa\\", "aaaaaaaaa\n", String(repeating: "é\"", count: 333),
            ]
            for text in texts {
                let tweet = try ann.tweet(text)
                #expect(try ann.read(tweet)["content"] == .string(text))
            }
            #expect(
                try ann.get("/api/tweets?sort=newest").json?["tweets"]?.array?.map { $0["content"] }
                    == texts.reversed().map { .string($0) })
        }
    }
}
