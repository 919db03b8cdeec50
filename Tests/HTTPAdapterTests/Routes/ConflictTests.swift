import ContractChecks
import Microblog
import Testing

@testable import HTTPAdapter

/// What is not there, not one's own, or taken already.
@Suite struct ConflictTests {
    @Test(arguments: Transport.allCases) func `What is unknown is 404`(transport: Transport) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let tweet = try ann.tweet("x")
            let media = try ann.upload(Picture.png(1))
            let gone = try ann.tweet("gone")
            try ann.delete("/api/tweets/\(gone)")
            let position = live.position
            // An id of another kind is as unknown as one that never was.
            for id in [ann.id, media, gone, 999_999, 9_007_199_254_740_991] {
                let calls = [
                    ("GET", "/api/tweets/\(id)"), ("DELETE", "/api/tweets/\(id)"), ("GET", "/api/tweets/\(id)/likes"),
                    ("POST", "/api/tweets/\(id)/likes"), ("DELETE", "/api/tweets/\(id)/likes"),
                    ("GET", "/api/tweets/\(id)/replies"), ("PUT", "/api/tweets/\(id)/medias/\(media)"),
                ]
                for (method, target) in calls {
                    #expect(try ann.call(method, target).status == 404, "\(method) \(target)")
                }
                #expect(try ann.post("/api/tweets", "{\"tweet_data\": \"x\", \"reply_to\": \(id)}").status == 404)
            }
            for id in [tweet, media, 999_999, 9_007_199_254_740_991] {
                let calls = [
                    ("GET", "/api/users/\(id)"), ("POST", "/api/users/\(id)/follow"),
                    ("DELETE", "/api/users/\(id)/follow"), ("GET", "/api/users/\(id)/tweets"),
                    ("GET", "/api/users/\(id)/followers"), ("GET", "/api/users/\(id)/following"),
                ]
                for (method, target) in calls {
                    #expect(try ann.call(method, target).status == 404, "\(method) \(target)")
                }
            }
            for id in [ann.id, tweet, 999_999] {
                #expect(try ann.put("/api/tweets/\(tweet)/medias/\(id)").status == 404)
                #expect(
                    try ann.post("/api/tweets", "{\"tweet_data\": \"x\", \"tweet_media_ids\": [\(id)]}").status == 404)
            }
            #expect(try ann.get("/api/users?handle=nobody").status == 404)
            #expect(live.position == position)
        }
    }

    @Test(arguments: Transport.allCases) func `Another's tweet cannot be deleted, nor given media: 403`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob", role: .admin)
            let tweet = try ann.tweet("mine")
            let media = try bob.upload(Picture.png(1))
            let position = live.position
            let deleted = try bob.delete("/api/tweets/\(tweet)")
            #expect(deleted.status == 403)
            #expect(deleted.errorType == "not_author")
            #expect(try bob.put("/api/tweets/\(tweet)/medias/\(media)").status == 403)
            #expect(live.position == position)
            #expect(try ann.read(tweet)["content"] == .string("mine"))
        }
    }

    @Test(arguments: Transport.allCases) func `Another's media cannot be attached: 403`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob")
            let media = try ann.upload(Picture.png(1))
            let tweet = try bob.tweet("x")
            let position = live.position
            let answer = try bob.post("/api/tweets", "{\"tweet_data\": \"x\", \"tweet_media_ids\": [\(media)]}")
            #expect(answer.status == 403)
            #expect(answer.errorType == "media_not_owned")
            #expect(try bob.put("/api/tweets/\(tweet)/medias/\(media)").status == 403)
            #expect(live.position == position)
        }
    }

    @Test(arguments: Transport.allCases)
    func `Media that is on another tweet is 409, and unknown once that tweet is gone`(transport: Transport) async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let media = try ann.upload(Picture.png(1))
            let first = try ann.tweet("first", media: [media])
            let second = try ann.tweet("second")
            for status in [409, 404] {
                let answer = try ann.post("/api/tweets", "{\"tweet_data\": \"x\", \"tweet_media_ids\": [\(media)]}")
                #expect(answer.status == status)
                #expect(answer.errorType == (status == 409 ? "media_already_attached" : "unknown_media"))
                #expect(try ann.put("/api/tweets/\(second)/medias/\(media)").status == status)
                if status == 409 { try ann.delete("/api/tweets/\(first)") }
            }
            #expect(try ann.read(second)["attachments"] == .array([]))
        }
    }

    @Test(arguments: Transport.allCases) func `Liking twice and unliking twice are 200 and one event each`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob")
            let tweet = try bob.tweet("x")
            var position = live.position
            #expect(try ann.delete("/api/tweets/\(tweet)/likes").status == 200)
            #expect(live.position == position)
            for _ in 0..<2 {
                for method in ["POST", "DELETE"] {
                    for _ in 0..<3 {
                        let answer = try ann.call(method, "/api/tweets/\(tweet)/likes")
                        #expect(answer.status == 200)
                        #expect(Shape.done().faults(of: answer.json) == [])
                        #expect(try ann.read(tweet)["likes_count"] == .integer(method == "POST" ? 1 : 0))
                    }
                    position += 1
                    #expect(live.position == position)
                }
            }
        }
    }

    @Test(arguments: Transport.allCases) func `Following twice and unfollowing twice are 200 and one event each`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob")
            var position = live.position
            #expect(try ann.delete("/api/users/\(bob.id)/follow").status == 200)
            #expect(try ann.delete("/api/users/\(ann.id)/follow").status == 200)
            #expect(live.position == position)
            for _ in 0..<2 {
                for method in ["POST", "DELETE"] {
                    for _ in 0..<3 {
                        #expect(try ann.call(method, "/api/users/\(bob.id)/follow").status == 200)
                        let user = try bob.get("/api/users/me").json?["user"]
                        #expect(user?["followers_count"] == .integer(method == "POST" ? 1 : 0))
                    }
                    position += 1
                    #expect(live.position == position)
                }
            }
        }
    }

    @Test(arguments: Transport.allCases) func `One's own tweet can be liked, and that counts`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let tweet = try ann.tweet("x")
            try ann.like(tweet)
            let seen = try ann.read(tweet)
            #expect(seen["likes_count"] == .integer(1))
            #expect(seen["liked"] == .boolean(true))
            #expect(seen["likes"]?[0]?["user_id"] == .integer(ann.id))
        }
    }
}
