import ContractChecks
import Testing

@testable import HTTPAdapter

/// Reading one's own writes, and those of others.
@Suite struct PositionTests {
    @Test(arguments: Transport.allCases)
    func `A write is answered with a position that shows it, and every query shows it then`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let other = ann.another()
            for index in 0..<20 {
                let answer = try ann.post("/api/tweets", "{\"tweet_data\": \"\(index)\"}")
                let id = try #require(answer.json?["tweet_id"]?.integer)
                #expect(try #require(answer.position) >= UInt64(id))
                let feed = try other.get("/api/tweets?limit=1&sort=newest")
                #expect(feed.json?["tweets"]?[0]?["id"] == .integer(id))
                #expect(try #require(feed.position) >= UInt64(id))
            }
        }
    }

    @Test(arguments: Transport.allCases)
    func `A position that is reached is answered at once, also for writes and pages`(transport: Transport) async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let wait = "Martlet-Wait: \(live.position)\r\n"
            #expect(try ann.get("/api/tweets", headers: wait).status == 200)
            #expect(try ann.get("/api/tweets", headers: "Martlet-Wait: 0\r\n").status == 200)
            #expect(try ann.post("/api/tweets", "{\"tweet_data\": \"x\"}", headers: wait).status == 201)
            #expect(try live.stranger.get("/healthz", headers: wait).status == 200)
        }
    }

    @Test(arguments: Transport.allCases) func `A position that comes while one waits is answered then, and reflected`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let wanted = live.position + 3
            let answer = try ann.another().send(
                "GET", "/api/tweets", headers: "Martlet-Wait: \(wanted)\r\n")
            let ids = try (0..<3).map { try ann.tweet("\($0)") }
            let feed = try answer()
            #expect(feed.status == 200)
            #expect(try #require(feed.position) >= wanted)
            #expect(feed.json?["tweets"]?.array?.map { $0["id"]?.integer } == ids.reversed())
        }
    }

    @Test(arguments: Transport.allCases) func `A position that does not come is 503 after the wait limit`(
        transport: Transport
    ) async throws {
        try await LiveServer.with { $0.http.waitLimit = .milliseconds(100) }.run(transport) { live in
            let ann = try await live.register("ann")
            for wanted in [live.position + 1, live.position + 100_000] {
                for (method, target) in [
                    ("GET", "/api/tweets"), ("POST", "/api/tweets/1/likes"), ("HEAD", "/api/users/me"),
                ] {
                    let answer = try ann.call(method, target, headers: "Martlet-Wait: \(wanted)\r\n")
                    #expect(answer.status == 503, "\(method)")
                }
            }
            #expect(try ann.get("/api/tweets").status == 200)
            #expect(try live.stranger.get("/metrics").text.contains("limited_total{limit=\"wait_time\"} 6\n"))
        }
    }

    @Test(arguments: Transport.allCases) func `A position far beyond the newest is 422 at once`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            for wanted in [live.position + 100_001, 9_007_199_254_740_991] {
                for (method, target) in [("GET", "/api/tweets"), ("POST", "/api/tweets/1/likes")] {
                    let answer = try ann.call(method, target, headers: "Martlet-Wait: \(wanted)\r\n")
                    #expect(answer.status == 422)
                    #expect(answer.text.contains("100000 beyond the newest position, \(live.position)"))
                }
            }
            #expect(try live.stranger.get("/metrics").text.contains("limited_total{limit=\"wait_ahead\"} 4\n"))
        }
    }

    @Test(arguments: Transport.allCases) func `Nobody without a valid key may wait, wherever it is`(
        transport: Transport
    ) async throws {
        // The wait limit is a minute: an answer that comes is one that did not wait.
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            for wait in ["\(live.position + 1)", "9007199254740991"] {
                for client in [live.stranger, ann.another(key: "wrong")] {
                    for (method, target) in [
                        ("GET", "/api/tweets"), ("POST", "/api/tweets"), ("DELETE", "/api/tweets/1"),
                        ("GET", "/healthz"),
                        ("GET", "/media/x"), ("GET", "/docs"),
                    ] {
                        let answer = try client.call(method, target, headers: "Martlet-Wait: \(wait)\r\n")
                        #expect(answer.status == 401, "\(method) \(target) from \(wait)")
                    }
                }
            }
            #expect(try live.stranger.get("/api/tweets", headers: "Martlet-Wait: x\r\n").status == 401)
        }
    }

    @Test(arguments: Transport.allCases) func `Who has shown a key may wait where no key is needed`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let wanted = live.position + 1
            let answer = try ann.another().send("GET", "/healthz", headers: "Martlet-Wait: \(wanted)\r\n")
            try ann.tweet("x")
            let shown = try answer()
            #expect(shown.status == 200)
            #expect(try #require(shown.position) >= wanted)
        }
    }
}
