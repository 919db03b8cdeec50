import ContractChecks
import Testing

@testable import HTTPAdapter

@Suite struct UserFieldTests {
    @Test(arguments: Transport.allCases) func `Counts are those of all, the lists hold the newest few`(
        transport: Transport
    ) async throws {
        try await LiveServer.with { $0.http.embeddedLimit = 3 }.run(transport) { live in
            let ann = try await live.register("ann")
            var others: [APIClient] = []
            for index in 0..<5 { others.append(try await live.register("u\(index)")) }
            for other in others {
                try other.follow(ann)
                try ann.follow(other)
            }
            let tweet = try ann.tweet("one")
            try ann.tweet("two")
            try ann.delete("/api/tweets/\(tweet)")
            let answer = try others[0].get("/api/users/\(ann.id)")
            #expect(Shape.done(["user": .user]).faults(of: answer.json) == [])
            let user = try #require(answer.json?["user"])
            #expect(user["handle"] == .string("ann"))
            #expect(user["followers_count"] == .integer(5))
            #expect(user["following_count"] == .integer(5))
            #expect(user["tweets_count"] == .integer(1))
            let newest = others.suffix(3).reversed().map(\.id)
            #expect(user["followers"]?.array?.map { $0["id"]?.integer } == newest)
            #expect(user["following"]?.array?.map { $0["id"]?.integer } == newest)
            try others[4].delete("/api/users/\(ann.id)/follow")
            try others[0].delete("/api/users/\(ann.id)/follow")
            try others[0].follow(ann)
            let later = try #require(ann.get("/api/users/me").json?["user"])
            #expect(later["followers"]?.array?.map { $0["id"]?.integer } == [0, 3, 2].map { others[$0].id })
            #expect(later["followers_count"] == .integer(4))
        }
    }

    @Test(arguments: Transport.allCases) func `An account is found by its handle, in any case of letters`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann.o-neill_2")
            for handle in ["ann.o-neill_2", "ANN.O-Neill_2", "ann%2Eo-neill_2"] {
                let answer = try ann.get("/api/users?handle=\(handle)")
                #expect(Shape.done(["user": .user]).faults(of: answer.json) == [])
                #expect(answer.json?["user"]?["id"] == .integer(ann.id))
            }
        }
    }

    @Test(arguments: Transport.allCases) func `A name with anything in it stays the same everywhere`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let name = "Ann \"the\" \\ Ánn 🐦\u{1}</b>"
            let ann = try await live.register("ann", name: name)
            let bob = try await live.register("bob")
            let tweet = try bob.tweet("x")
            try ann.like(tweet)
            try ann.follow(bob)
            #expect(try bob.read(tweet)["likes"]?[0]?["name"] == .string(name))
            #expect(try bob.get("/api/users/me").json?["user"]?["followers"]?[0]?["name"] == .string(name))
            #expect(try bob.get("/api/users/\(bob.id)/followers").json?["users"]?[0]?["name"] == .string(name))
            #expect(try bob.get("/api/tweets/\(tweet)/likes").json?["likes"]?[0]?["name"] == .string(name))
            let own = try ann.tweet("y")
            #expect(try ann.read(own)["author"]?["name"] == .string(name))
        }
    }
}
