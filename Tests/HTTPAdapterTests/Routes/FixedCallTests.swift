import ContractChecks
import Testing

@testable import HTTPAdapter

/// The calls that front ends make, with the answers that they expect: these members, these types, nothing less.
@Suite struct FixedCallTests {
    @Test(
        arguments: Transport.allCases,
        ["", ", \"tweet_media_ids\": null", ", \"tweet_media_ids\": []", ", \"unknown\": {}"])
    func `A tweet is published with and without media ids`(transport: Transport, rest: String) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let answer = try ann.post("/api/tweets", "{\"tweet_data\": \"Hello\"\(rest)}")
            #expect(answer.status == 201)
            #expect(Shape.done(["tweet_id": .integer]).faults(of: answer.json) == [])
            let id = try #require(answer.json?["tweet_id"]?.integer)
            #expect(try ann.read(id)["content"] == .string("Hello"))
        }
    }

    @Test(arguments: Transport.allCases)
    func `Deleting, liking, unliking, following and unfollowing answer with result alone`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob")
            let tweet = try bob.tweet("Hello")
            let calls = [
                ("POST", "/api/tweets/\(tweet)/likes"), ("DELETE", "/api/tweets/\(tweet)/likes"),
                ("POST", "/api/users/\(bob.id)/follow"), ("DELETE", "/api/users/\(bob.id)/follow"),
            ]
            for (method, target) in calls {
                let answer = try ann.call(method, target)
                #expect(answer.status == 200)
                #expect(Shape.done().faults(of: answer.json) == [], "\(method) \(target)")
            }
            let deleted = try bob.delete("/api/tweets/\(tweet)")
            #expect(deleted.status == 200)
            #expect(Shape.done().faults(of: deleted.json) == [])
        }
    }

    @Test(arguments: Transport.allCases) func `An upload, the tweet that shows it and the file have their shape`(
        transport: Transport
    )
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let answer = try ann.upload(form: MultipartForm("file", Picture.png(1), fileName: "a.txt"))
            #expect(answer.status == 201)
            #expect(Shape.done(["media_id": .integer]).faults(of: answer.json) == [])
            let media = try #require(answer.json?["media_id"]?.integer)
            let tweet = try ann.tweet("Look", media: [media])
            let path = try #require(ann.read(tweet)["attachments"]?[0]?.string)
            #expect(path.hasPrefix("/media/"))
            let file = try live.stranger.get(path)
            #expect(file.status == 200)
            #expect(file.body == Picture.png(1))
        }
    }

    @Test(arguments: Transport.allCases) func `The feed has tweets of the full shape`(transport: Transport) async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob")
            let tweet = try bob.tweet("Hello", media: [try bob.upload(Picture.png(1))])
            try ann.follow(bob)
            try ann.like(tweet)
            try ann.tweet("Reply", replyTo: tweet)
            let answer = try ann.get("/api/tweets")
            #expect(answer.status == 200)
            #expect(answer["Content-Type"] == "application/json")
            #expect(Shape.page("tweets", of: .tweet).faults(of: answer.json) == [])
            let first = try #require(answer.json?["tweets"]?[0])
            #expect(first["id"] == .integer(tweet))
            #expect(first["author"] == .object(["id": .integer(bob.id), "name": .string("The bob")]))
            #expect(first["likes"] == .array([.object(["user_id": .integer(ann.id), "name": .string("The ann")])]))
        }
    }

    @Test(arguments: Transport.allCases) func `An account is read by its id and as me`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann", name: "Ann Ánn 🐦")
            let bob = try await live.register("bob")
            try ann.follow(bob)
            let me = try ann.get("/api/users/me")
            #expect(me.status == 200)
            #expect(Shape.done(["user": .user]).faults(of: me.json) == [])
            #expect(me.json?["user"]?["id"] == .integer(ann.id))
            #expect(me.json?["user"]?["name"] == .string("Ann Ánn 🐦"))
            let known = JSONValue.object(["id": .integer(bob.id), "name": .string("The bob")])
            #expect(me.json?["user"]?["following"] == .array([known]))
            #expect(me.json?["user"]?["followers"] == .array([]))
            #expect(try bob.get("/api/users/\(ann.id)").json == me.json)
        }
    }

    @Test(arguments: Transport.allCases)
    func `The feed holds one's own tweets and those of accounts that one follows, and no others`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob")
            let cat = try await live.register("cat")
            let own = try ann.tweet("own")
            let followed = try bob.tweet("followed")
            try cat.tweet("stranger")
            try ann.follow(bob)
            #expect(try ann.ids("/api/tweets") == [followed, own])
            try ann.delete("/api/users/\(bob.id)/follow")
            #expect(try ann.ids("/api/tweets") == [own])
        }
    }

    @Test(arguments: Transport.allCases) func `The feed is ordered by likes, then by age`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob")
            let tweets = try (0..<5).map { try ann.tweet("\($0)") }
            for liked in [1, 2] { try ann.like(tweets[liked]) }
            try bob.like(tweets[1])
            #expect(try ann.ids("/api/tweets") == [1, 2, 4, 3, 0].map { tweets[$0] })
            try bob.delete("/api/tweets/\(tweets[1])/likes")
            #expect(try ann.ids("/api/tweets") == [2, 1, 4, 3, 0].map { tweets[$0] })
        }
    }

    @Test(arguments: Transport.allCases)
    func `The parameter offset is the number of the page, and without it the first hundred come`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let tweets = Array(try (0..<103).map { try ann.tweet("\($0)") }.reversed())
            #expect(try ann.ids("/api/tweets") == Array(tweets[..<100]))
            #expect(try ann.ids("/api/tweets?offset=1") == Array(tweets[..<100]))
            #expect(try ann.ids("/api/tweets?offset=2") == Array(tweets[100...]))
            #expect(try ann.ids("/api/tweets?limit=7") == Array(tweets[..<7]))
            for page in 1...16 {
                let slice = Array(tweets.dropFirst((page - 1) * 7).prefix(7))
                #expect(try ann.ids("/api/tweets?offset=\(page)&limit=7") == slice)
                #expect(try ann.ids("/api/tweets?sort=newest&offset=\(page)&limit=7") == slice)
            }
            #expect(try ann.ids("/api/tweets?offset=9007199254740991&limit=1000") == [])
        }
    }

    @Test(arguments: Transport.allCases)
    func `Deleting a tweet removes its likes and media, never the accounts that liked it`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob")
            let tweet = try ann.tweet("Hello", media: [try ann.upload(Picture.png(1))])
            let path = try #require(ann.read(tweet)["attachments"]?[0]?.string)
            try bob.like(tweet)
            try ann.delete("/api/tweets/\(tweet)")
            #expect(try bob.get("/api/tweets/\(tweet)/likes").status == 404)
            #expect(try bob.get(path).status == 404)
            #expect(try bob.get("/api/users/me").status == 200)
            #expect(try ann.ids("/api/tweets") == [])
        }
    }
}
