import ContractChecks
import HTTPServer
import Testing

@testable import HTTPAdapter

/// How often an account may ask, and how often an address may show wrong keys.
@Suite struct RateLimitTests {
    @Test(arguments: Transport.allCases) func `Too many requests are 429 with Retry-After, for that account alone`(
        transport: Transport
    ) async throws {
        try await LiveServer.with {
            $0.http.requestsPerSecond = 1
            $0.http.burst = 4
        }.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob")
            let position = live.position
            var statuses: [Int] = []
            while !statuses.contains(429), statuses.count < 1000 {
                let answer = try ann.post("/api/tweets", "{\"tweet_data\": \"x\"}")
                statuses.append(answer.status)
                if answer.status == 429 {
                    #expect(answer.errorType == "too_many_requests")
                    #expect(answer["Retry-After"] == "1")
                    #expect(answer["RateLimit-Reset"] == "1")
                }
            }
            #expect(statuses.count > 4)
            #expect(live.position == position + UInt64(statuses.count { $0 == 201 }))
            #expect(try bob.get("/api/users/me").status == 200)
            #expect(try live.stranger.get("/healthz").status == 200)
            #expect(try live.stranger.get("/metrics").text.contains("limited_total{limit=\"account_requests\"} 1\n"))
        }
    }

    @Test(arguments: Transport.allCases) func `Every keyed call is counted, once, and its answer tells what is left`(
        transport: Transport
    ) async throws {
        // So slow that nothing comes back while the test runs.
        try await LiveServer.with {
            $0.http.requestsPerSecond = 1
            $0.http.burst = 100_000
        }.run(transport) { live in
            let ann = try await live.register("ann")
            var left = 100_000
            let position = "Martlet-Wait: \(live.position)\r\n"
            let calls: [(method: String, target: String, body: String?, lines: String)] = [
                ("GET", "/api/tweets", nil, ""), ("HEAD", "/api/tweets", nil, ""), ("GET", "/api/tweets/1", nil, ""),
                ("GET", "/api/tweets/x", nil, ""), ("GET", "/api/tweets?limit=x", nil, ""),
                ("GET", "/api/tweets", nil, position), ("GET", "/api/tweets", nil, "Martlet-Wait: x\r\n"),
                ("GET", "/api/tweets", "unwanted", position), ("POST", "/api/tweets", "no JSON", position),
                ("POST", "/api/tweets", "{\"tweet_data\": \"x\"}", ""), ("POST", "/api/users/1/follow", nil, ""),
                ("POST", "/api/tweets", "{\"tweet_data\": \"\(String(repeating: "x", count: 20_000))\"}", ""),
                ("POST", "/api/medias", nil, ""), ("POST", "/admin/accounts", "{}", ""),
                ("GET", "/healthz", nil, "Martlet-Wait: 9999999999\r\n"),
            ]
            for (method, target, body, lines) in calls {
                let answer = try ann.call(method, target, body: body.map { Array($0.utf8) }, headers: lines)
                left -= 1
                #expect(answer["RateLimit-Limit"] == "100000", "\(method) \(target)")
                let told = Int(answer["RateLimit-Remaining"] ?? "") ?? -1
                // A slow machine gets some back.
                #expect(left...left + 60 ~= told, "\(method) \(target)")
                #expect(Int(answer["RateLimit-Reset"] ?? "") != nil, "\(method) \(target)")
                left = told
            }
            for target in ["/healthz", "/metrics", "/docs", "/media/x", "/api/none"] {
                #expect(try ann.get(target)["RateLimit-Limit"] == nil, "\(target)")
            }
            #expect(try live.stranger.get("/api/tweets")["RateLimit-Limit"] == nil)
        }
    }

    @Test(arguments: Transport.allCases) func `A server without a limit says nothing of one`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let answer = try await live.register("ann").get("/api/tweets")
            #expect(!answer.headers.contains { $0.name.hasPrefix("RateLimit") })
        }
    }

    /// Sends a key from an address.
    ///
    /// - Returns: the answer's status.
    private func ask(_ live: LiveServer, _ key: String, from peer: String, _ forwarded: String? = nil) throws -> Int {
        guard case .memory(let server, _) = live.wire else { return 0 }
        var headers = [(name: "api-key", value: key)]
        if let forwarded { headers.append((name: "X-Forwarded-For", value: forwarded)) }
        let request = Request("GET", "/api/users/me", headers: headers, peer: try #require(PeerAddress(peer)))
        return try #require(server.answer(request)).status
    }

    @Test func `An address that shows too many wrong keys is 429 before any is looked up`() async throws {
        try await LiveServer.with { $0.http.wrongKeysPerSecond = 1 }.run(.memory) { live in
            _ = try await live.register("ann")
            for _ in 0..<10 { #expect(try ask(live, "wrong", from: "192.0.2.1") == 401) }
            var refused = 0
            for _ in 0..<20 where try ask(live, "wrong", from: "192.0.2.1") == 429 { refused += 1 }
            #expect(refused > 0)
            // Not even a right one: else guesses would go on.
            if try ask(live, "wrong", from: "192.0.2.1") == 429 {
                #expect(try [200, 429].contains(ask(live, "key-ann", from: "192.0.2.1")))
            }
            #expect(try ask(live, "key-ann", from: "192.0.2.2") == 200)
            #expect(try live.stranger.get("/metrics").text.contains("limited_total{limit=\"wrong_keys\"} "))
        }
    }

    @Test func `Right keys and missing keys do not count as wrong ones`() async throws {
        try await LiveServer.with { $0.http.wrongKeysPerSecond = 1 }.run(.memory) { live in
            _ = try await live.register("ann")
            for _ in 0..<200 {
                #expect(try ask(live, "key-ann", from: "2001:db8::1") == 200)
                #expect(try ask(live, "", from: "2001:db8::1") == 401)
            }
        }
    }

    @Test func `An IPv6 address counts with all of its network`() async throws {
        try await LiveServer.with { $0.http.wrongKeysPerSecond = 1 }.run(.memory) { live in
            let statuses = try (1...100).map { try ask(live, "wrong", from: "2001:db8::\($0)") }
            #expect(statuses.contains(429))
            #expect(try ask(live, "wrong", from: "2001:db8:0:1::1") == 401)
        }
    }

    @Test(arguments: Transport.allCases) func `Wrong keys from this machine are not limited`(transport: Transport)
        async throws
    {
        try await LiveServer.with { $0.http.wrongKeysPerSecond = 1 }.run(transport) { live throws in
            let client = APIClient(live.wire, key: "wrong")
            for _ in 0..<100 { #expect(try client.get("/api/tweets").status == 401) }
            // What a client writes about itself does not count.
            for _ in 0..<100 {
                #expect(try client.get("/api/tweets", headers: "X-Forwarded-For: 192.0.2.1\r\n").status == 401)
            }
        }
    }

    @Test(arguments: Transport.allCases) func `Behind a trusted proxy the forwarded address counts`(
        transport: Transport
    ) async throws {
        try await LiveServer.with {
            $0.http.wrongKeysPerSecond = 1
            $0.http.trustedProxies = [PeerNetwork("127.0.0.0/8")!]
        }.run(transport) { live in
            let ann = try await live.register("ann")
            let wrong = APIClient(live.wire, key: "wrong")
            // The client makes up the first address, anew each time; the proxy adds the second.
            let statuses = try (1...100).map { number in
                try wrong.get("/api/tweets", headers: "X-Forwarded-For: 10.0.0.\(number), 192.0.2.1\r\n").status
            }
            #expect(statuses.prefix(10).allSatisfy { $0 == 401 })
            #expect(statuses.contains(429))
            #expect(try ann.get("/api/tweets", headers: "X-Forwarded-For: 192.0.2.2\r\n").status == 200)
            #expect(try ann.get("/api/tweets").status == 200)
        }
    }
}
