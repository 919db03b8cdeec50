import ContractChecks
import Microblog
import Testing

@testable import HTTPAdapter

@Suite struct IdempotencyTests {
    private func key(_ text: String) -> String { "Idempotency-Key: \(text)\r\n" }

    @Test(arguments: Transport.allCases) func `The same key gives the first answer again and no second event`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann", role: .admin)
            let bob = try await live.register("bob")
            let tweet = try bob.tweet("x")
            let own = try ann.tweet("own")
            let media = try ann.upload(Picture.png(1))
            let calls = [
                ("POST", "/api/tweets", "{\"tweet_data\": \"once\"}"), ("POST", "/api/tweets/\(tweet)/likes", ""),
                ("DELETE", "/api/tweets/\(tweet)/likes", ""), ("POST", "/api/users/\(bob.id)/follow", ""),
                ("DELETE", "/api/users/\(bob.id)/follow", ""), ("PUT", "/api/tweets/\(own)/medias/\(media)", ""),
                ("DELETE", "/api/tweets/\(own)", ""),
                ("POST", "/admin/accounts", "{\"handle\": \"cat\", \"name\": \"Cat\"}"),
            ]
            for (index, (method, target, body)) in calls.enumerated() {
                let position = live.position
                let first = try ann.call(method, target, body: Array(body.utf8), headers: key("k\(index)"))
                #expect(first.status == 200 || first.status == 201)
                #expect(live.position == position + 1)
                for client in [ann, ann.another()] {
                    let again = try client.call(method, target, body: Array(body.utf8), headers: key("k\(index)"))
                    #expect(again.status == first.status, "\(method) \(target)")
                    #expect(again.json == first.json, "\(method) \(target)")
                }
                #expect(live.position == position + 1)
            }
        }
    }

    @Test(arguments: Transport.allCases)
    func `An upload with the same key is the same media, also under another file name`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let first = try ann.upload(form: MultipartForm("file", Picture.png(1)), headers: key("k"))
            let position = live.position
            let again = try ann.upload(form: MultipartForm("file", Picture.png(1), fileName: "y"), headers: key("k"))
            #expect(first.status == 201)
            #expect(again.status == 201)
            #expect(again.json == first.json)
            #expect(live.position == position)
            #expect(try ann.upload(form: MultipartForm("file", Picture.png(2)), headers: key("k")).status == 422)
            #expect(live.position == position)
        }
    }

    @Test(arguments: Transport.allCases) func `A rejection is given again, even when the reason is gone`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let next = live.position + 1
            let first = try ann.post("/api/tweets/\(next)/likes", headers: key("k"))
            #expect(first.status == 404)
            let tweet = try ann.tweet("now it is there")
            try #require(UInt64(tweet) == next)
            let again = try ann.post("/api/tweets/\(next)/likes", headers: key("k"))
            #expect(again.status == 404)
            #expect(again.json == first.json)
            #expect(try ann.post("/api/tweets/\(next)/likes", headers: key("k2")).status == 200)
        }
    }

    @Test(arguments: Transport.allCases) func `What was already so is answered again although it has changed since`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let tweet = try ann.tweet("x")
            try ann.like(tweet)
            #expect(try ann.post("/api/tweets/\(tweet)/likes", headers: key("k")).status == 200)
            try ann.delete("/api/tweets/\(tweet)/likes")
            let position = live.position
            #expect(try ann.post("/api/tweets/\(tweet)/likes", headers: key("k")).status == 200)
            #expect(live.position == position)
            #expect(try ann.read(tweet)["liked"] == .boolean(false))
        }
    }

    @Test(arguments: Transport.allCases) func `The same key with another request is 422`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann", role: .admin)
            #expect(try ann.post("/api/tweets", "{\"tweet_data\": \"a\"}", headers: key("k")).status == 201)
            let position = live.position
            let others = [
                ("POST", "/api/tweets", "{\"tweet_data\": \"b\"}"),
                ("POST", "/api/tweets", "{\"tweet_data\": \"a\", \"reply_to\": 1}"),
                ("POST", "/api/tweets/1/likes", ""), ("POST", "/api/users/1/follow", ""),
                ("POST", "/admin/accounts", "{\"handle\": \"cat\", \"name\": \"Cat\"}"),
            ]
            for (method, target, body) in others {
                let answer = try ann.call(method, target, body: Array(body.utf8), headers: key("k"))
                #expect(answer.status == 422, "\(method) \(target)")
                #expect(answer.errorType == "idempotency_key_reused", "\(method) \(target)")
            }
            // The same tweet, written differently.
            let same = "{ \"x\": 1, \"tweet_media_ids\": [], \"tweet_data\": \"\\u0061\" }"
            #expect(try ann.post("/api/tweets", same, headers: key("k")).status == 201)
            #expect(live.position == position)
        }
    }

    @Test(arguments: Transport.allCases) func `Keys of two accounts are two keys, and case counts`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob")
            let position = live.position
            for (client, name) in [(ann, "k"), (bob, "k"), (ann, "K")] {
                let answer = try client.post(
                    "/api/tweets", "{\"tweet_data\": \"\(name) \(client.id)\"}", headers: key(name))
                #expect(answer.status == 201)
            }
            #expect(live.position == position + 3)
            let longest = String(repeating: "k", count: 255)
            #expect(try ann.post("/api/tweets", "{\"tweet_data\": \"x\"}", headers: key(longest)).status == 201)
        }
    }

    @Test(arguments: Transport.allCases) func `A request that was refused before it was a command keeps its key free`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            #expect(try ann.post("/api/tweets", "no JSON", headers: key("k")).status == 400)
            #expect(try ann.post("/api/tweets", "{}", headers: key("k")).status == 422)
            #expect(try ann.post("/api/tweets", "{\"tweet_data\": \"x\"}", headers: key("k")).status == 201)
        }
    }
}
