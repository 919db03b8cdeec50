import ContractChecks
import Testing

@testable import HTTPAdapter

/// Tweets that an account has pinned to its profile.
@Suite struct PinTests {
    /// All pages of an account's tweets: on each the ids, and which of them are marked as pinned.
    private func walk(_ caller: APIClient, _ account: Int, limit: Int) throws -> [(ids: [Int], pinned: [Int])] {
        var pages: [(ids: [Int], pinned: [Int])] = []
        var target: String? = "/api/users/\(account)/tweets?limit=\(limit)"
        while let next = target {
            let answer = try caller.get(next)
            #expect(answer.status == 200)
            let tweets = answer.json?["tweets"]?.array ?? []
            pages.append(
                (
                    tweets.compactMap { $0["id"]?.integer },
                    tweets.filter { $0["pinned"] == .boolean(true) }.compactMap { $0["id"]?.integer }
                ))
            target = answer.json?["next_cursor"]?.string.map {
                "/api/users/\(account)/tweets?limit=\(limit)&cursor=\($0)"
            }
        }
        return pages
    }

    @Test(arguments: Transport.allCases)
    func `Pins come first on the first page, newest pin first, and are left out below`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob")
            let tweets = try (0..<9).map { try ann.tweet("tweet \($0)") }
            for index in [4, 0, 7] { #expect(try ann.post("/api/tweets/\(tweets[index])/pin").status == 200) }
            let order = [7, 0, 4, 8, 6, 5, 3, 2, 1].map { tweets[$0] }
            for limit in 1...10 {
                let pages = try walk(bob, ann.id, limit: limit)
                #expect(pages.flatMap(\.ids) == order, "limit \(limit)")
                #expect(pages.flatMap(\.pinned) == Array(order[..<3]), "limit \(limit)")
                #expect(pages.dropLast().allSatisfy { $0.ids.count == limit })
                #expect(pages.count == (order.count + limit - 1) / limit)
            }
            #expect(try ann.get("/api/tweets/\(tweets[7])").json?["tweet"]?["pinned"] == nil)
        }
    }

    @Test(arguments: Transport.allCases)
    func `A walk keeps the pins of its first page, whatever is pinned meanwhile`(transport: Transport) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let tweets = try (0..<6).map { try ann.tweet("tweet \($0)") }
            for index in [1, 3] { _ = try ann.post("/api/tweets/\(tweets[index])/pin") }
            let first = try ann.get("/api/users/\(ann.id)/tweets?limit=3")
            let cursor = try #require(first.json?["next_cursor"]?.string)
            _ = try ann.delete("/api/tweets/\(tweets[3])/pin")
            _ = try ann.post("/api/tweets/\(tweets[0])/pin")
            let rest = try ann.ids("/api/users/\(ann.id)/tweets?cursor=\(cursor)")
            let seen = first.json?["tweets"]?.array?.compactMap { $0["id"]?.integer } ?? []
            #expect(seen == [3, 1, 5].map { tweets[$0] })
            #expect(rest == [4, 2, 0].map { tweets[$0] })
            #expect(try ann.ids("/api/users/\(ann.id)/tweets") == [0, 1, 5, 4, 3, 2].map { tweets[$0] })
        }
    }

    @Test(arguments: Transport.allCases)
    func `A deleted tweet leaves its place among the pins free`(transport: Transport) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let tweets = try (0..<7).map { try ann.tweet("tweet \($0)") }
            for index in 0..<5 { #expect(try ann.post("/api/tweets/\(tweets[index])/pin").status == 200) }
            let before = live.position
            let refused = try ann.post("/api/tweets/\(tweets[5])/pin")
            #expect(refused.status == 409)
            #expect(refused.json?["error_type"] == .string("too_many_pins"))
            #expect(try ann.post("/api/tweets/\(tweets[0])/pin").status == 200)
            #expect(live.position == before)
            _ = try ann.delete("/api/tweets/\(tweets[2])")
            #expect(try ann.ids("/api/users/\(ann.id)/tweets") == [4, 3, 1, 0, 6, 5].map { tweets[$0] })
            #expect(try ann.post("/api/tweets/\(tweets[5])/pin").status == 200)
            #expect(try ann.ids("/api/users/\(ann.id)/tweets") == [5, 4, 3, 1, 0, 6].map { tweets[$0] })
        }
    }

    @Test(arguments: Transport.allCases)
    func `Only one's own tweets can be pinned`(transport: Transport) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob")
            let tweet = try ann.tweet("x")
            let path = "/api/tweets/\(tweet)/pin"
            #expect(try bob.post(path).status == 403)
            #expect(try bob.delete(path).status == 403)
            #expect(try ann.delete(path).status == 200)
            #expect(try ann.post("/api/tweets/99999/pin").status == 404)
            #expect(try ann.post("/api/tweets/x/pin").status == 400)
            let wrong = try ann.get(path)
            #expect(wrong.status == 405)
            #expect(wrong["Allow"] == "POST, DELETE, OPTIONS")
        }
    }

    @Test(arguments: Transport.allCases)
    func `A made-up cursor shows nobody else's tweets`(transport: Transport) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob")
            let (hers, his) = (try ann.tweet("x"), try bob.tweet("y"))
            let cursor = "t-0-0-\(String(his, radix: 36)).\(String(9_999, radix: 36))"
            #expect(try ann.ids("/api/users/\(ann.id)/tweets?cursor=\(cursor)") == [hers])
            for wrong in ["t-3-0-1.2", "t-0-0-", "t-0-0-1.2.3.4.5.6", "t-0-0-x!", "r-0-0-1"] {
                #expect(try ann.get("/api/users/\(ann.id)/tweets?cursor=\(wrong)").status == 422, "\(wrong)")
            }
        }
    }
}
