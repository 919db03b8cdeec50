import ContractChecks
import Testing

@testable import HTTPAdapter

@Suite struct UnprocessableTests {
    private static let wrongTweets = [
        "{}", "[]", "1", "\"text\"", "true", "null", "[{\"tweet_data\": \"x\"}]",
        "{\"tweet_data\": null}", "{\"tweet_data\": 1}", "{\"tweet_data\": true}", "{\"tweet_data\": []}",
        "{\"tweet_data\": {}}", "{\"Tweet_Data\": \"x\"}", "{\"text\": \"x\"}",
        "{\"tweet_data\": \"x\", \"tweet_media_ids\": 1}", "{\"tweet_data\": \"x\", \"tweet_media_ids\": \"1\"}",
        "{\"tweet_data\": \"x\", \"tweet_media_ids\": {}}", "{\"tweet_data\": \"x\", \"tweet_media_ids\": [\"1\"]}",
        "{\"tweet_data\": \"x\", \"tweet_media_ids\": [null]}", "{\"tweet_data\": \"x\", \"tweet_media_ids\": [1.5]}",
        "{\"tweet_data\": \"x\", \"tweet_media_ids\": [true]}", "{\"tweet_data\": \"x\", \"tweet_media_ids\": [0]}",
        "{\"tweet_data\": \"x\", \"tweet_media_ids\": [-1]}",
        "{\"tweet_data\": \"x\", \"tweet_media_ids\": [9007199254740992]}",
        "{\"tweet_data\": \"x\", \"tweet_media_ids\": [123456789012345678901234567890]}",
        "{\"tweet_data\": \"x\", \"reply_to\": \"1\"}", "{\"tweet_data\": \"x\", \"reply_to\": 0}",
        "{\"tweet_data\": \"x\", \"reply_to\": -5}", "{\"tweet_data\": \"x\", \"reply_to\": 2.5}",
        "{\"tweet_data\": \"x\", \"reply_to\": true}", "{\"tweet_data\": \"x\", \"reply_to\": []}",
    ]

    @Test(arguments: Transport.allCases) func `A field that is missing or of the wrong type is 422`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let position = live.position
            for body in Self.wrongTweets {
                let answer = try ann.post("/api/tweets", body)
                #expect(answer.status == 422, "\(body)")
                #expect(answer.errorType == "unprocessable", "\(body)")
                #expect(!answer.text.contains("  "), "\(body): \(answer.text)")
            }
            #expect(live.position == position)
        }
    }

    @Test(arguments: Transport.allCases) func `An empty or blank text is 422`(transport: Transport) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let position = live.position
            for text in ["", " ", "\n\t\r", "\u{00A0}", "\u{2003}\u{3000}", "\u{2028}"] {
                let answer = try ann.post("/api/tweets", "{\"tweet_data\": \(JSONValue.quote(text))}")
                #expect(answer.status == 422)
                #expect(answer.errorType == "text_blank")
            }
            #expect(live.position == position)
        }
    }

    @Test(arguments: Transport.allCases) func `A text may have exactly the most characters, and one more is 422`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let position = live.position
            for character in ["a", "é", "🐦", "\u{301}"] {
                let longest = "x" + String(repeating: character, count: 999)
                let id = try ann.tweet(longest)
                #expect(try ann.read(id)["content"] == .string(longest))
                let answer = try ann.post("/api/tweets", "{\"tweet_data\": \(JSONValue.quote(longest + character))}")
                #expect(answer.status == 422)
                #expect(answer.errorType == "text_too_long")
            }
            #expect(live.position == position + 4)
        }
    }

    @Test(arguments: Transport.allCases) func `More than ten media are 422, ten are not`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let media = try (0..<11).map { try ann.upload(Picture.png($0)) }
            let position = live.position
            let answer = try ann.post("/api/tweets", "{\"tweet_data\": \"x\", \"tweet_media_ids\": \(media)}")
            #expect(answer.status == 422)
            #expect(answer.errorType == "too_many_media")
            #expect(live.position == position)
            let tweet = try ann.tweet("ten", media: Array(media[..<10]))
            #expect(try ann.read(tweet)["attachments"]?.array?.count == 10)
            let attached = try ann.put("/api/tweets/\(tweet)/medias/\(media[10])")
            #expect(attached.status == 422)
            #expect(attached.errorType == "too_many_media")
        }
    }

    @Test(arguments: Transport.allCases) func `The same media twice on a tweet is 422`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let media = try ann.upload(Picture.png(1))
            let position = live.position
            let answer = try ann.post(
                "/api/tweets", "{\"tweet_data\": \"x\", \"tweet_media_ids\": [\(media), \(media)]}")
            #expect(answer.status == 422)
            #expect(answer.errorType == "duplicate_media")
            #expect(live.position == position)
        }
    }

    @Test(arguments: Transport.allCases) func `A query parameter out of its bounds, or twice, is 422`(
        transport: Transport
    ) async throws {
        try await LiveServer.with { $0.http.pageLimit = 50 }.run(transport) { live in
            let ann = try await live.register("ann")
            let tweet = try ann.tweet("x")
            let lists = [
                "/api/tweets", "/api/tweets/\(tweet)/likes", "/api/tweets/\(tweet)/replies",
                "/api/users/\(ann.id)/tweets", "/api/users/\(ann.id)/followers", "/api/users/\(ann.id)/following",
            ]
            let bad = [
                "limit=0", "limit=-1", "limit=x", "limit=", "limit", "limit=51", "limit=1.5", "limit=1&limit=1",
                "limit=99999999999999999999", "cursor=x", "cursor=", "cursor=p-0", "cursor=p-0-1-2",
                "likes=-1", "likes=x", "limit=%31%20", "limit=1%00",
            ]
            for list in lists {
                for query in bad {
                    let answer = try ann.get("\(list)?\(query)")
                    #expect(answer.status == (query.contains("%00") ? 400 : 422), "\(list)?\(query)")
                }
                #expect(try ann.get("\(list)?limit=50").status == 200)
                #expect(try ann.get("\(list)?limit=1&unknown=1&unknown=2").status == 200)
            }
            for query in ["offset=0", "offset=-1", "offset=x", "sort=best", "sort=", "sort=newest&sort=newest"] {
                #expect(try ann.get("/api/tweets?\(query)").status == 422, "\(query)")
            }
            #expect(try ann.get("/api/users").status == 422)
            #expect(try ann.get("/api/users?handle=ann&handle=ann").status == 422)
        }
    }
}
