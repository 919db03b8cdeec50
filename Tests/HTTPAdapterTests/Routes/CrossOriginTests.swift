import ContractChecks
import Testing

@testable import HTTPAdapter

/// What lets the scripts of other origins in: CORS, as the Fetch standard has it.
@Suite struct CrossOriginTests {
    private static let exposed =
        "Link, Martlet-Position, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, ETag, Location"

    private func headers(_ answer: Answer, _ name: String) -> [String] {
        answer.headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// Targets with answers of many kinds, those of errors among them.
    private func answers(_ live: LiveServer, _ ann: APIClient, headers: String) throws -> [(Int, Answer)] {
        let file = try ann.tweet("x", media: [try ann.upload(Picture.png(1))])
        let path = try #require(ann.read(file)["attachments"]?[0]?.string)
        return [
            (200, try ann.get("/api/tweets", headers: headers)),
            (200, try ann.call("HEAD", "/api/tweets", headers: headers)),
            (201, try ann.post("/api/tweets", "{\"tweet_data\":\"x\"}", headers: headers)),
            (200, try ann.delete("/api/tweets/\(file)/likes", headers: headers)),
            (400, try ann.post("/api/tweets", "{", headers: headers)),
            (401, try live.stranger.get("/api/tweets", headers: headers)),
            (404, try ann.get("/api/x", headers: headers)), (405, try ann.put("/api/tweets", headers: headers)),
            (404, try ann.get("/api/tweets/99999", headers: headers)),
            (422, try ann.post("/api/tweets", "{}", headers: headers)),
            (415, try ann.post("/api/tweets", "{}", headers: headers + "Content-Encoding: gzip\r\n")),
            // This one is the server's own.
            (413, try ann.post("/api/tweets", String(repeating: " ", count: 3000), headers: headers)),
            (200, try live.stranger.get(path, headers: headers)),
            (206, try live.stranger.get(path, headers: headers + "Range: bytes=0-1\r\n")),
            (304, try live.stranger.get(path, headers: headers + "If-None-Match: *\r\n")),
            (416, try live.stranger.get(path, headers: headers + "Range: bytes=99999-\r\n")),
            (200, try live.stranger.get("/openapi.json", headers: headers)),
            (304, try live.stranger.get("/openapi.json", headers: headers + "If-None-Match: *\r\n")),
            (200, try live.stranger.get("/metrics", headers: headers)),
            (302, try live.stranger.get("/", headers: headers)),
            (204, try live.stranger.call("OPTIONS", "/api/tweets", headers: headers)),
        ]
    }

    private func run(_ origins: String?, _ transport: Transport, _ body: (LiveServer) async throws -> Void) async throws
    {
        try await LiveServer.with {
            $0.http.allowedOrigins = origins.flatMap { AllowedOrigins($0) }
            $0.http.bodyLimit = 2048
        }.run(transport, body)
    }

    @Test(arguments: Transport.allCases) func `Without the option no answer speaks of origins`(
        transport: Transport
    ) async throws {
        try await run(nil, transport) { live in
            let ann = try await live.register("ann")
            for (status, answer) in try answers(live, ann, headers: "Origin: https://a.example\r\n") {
                #expect(answer.status == status)
                #expect(!answer.headers.contains { $0.name.lowercased().hasPrefix("access-control") }, "\(status)")
                #expect(!headers(answer, "Vary").contains("Origin"), "\(status)")
            }
        }
    }

    @Test(arguments: Transport.allCases) func `A script of an allowed origin may read every answer, errors too`(
        transport: Transport
    ) async throws {
        try await run("https://a.example,https://b.example", transport) { live in
            let ann = try await live.register("ann")
            for origin in ["https://a.example", "https://b.example"] {
                for (status, answer) in try answers(live, ann, headers: "Origin: \(origin)\r\n") {
                    #expect(answer.status == status)
                    #expect(headers(answer, "Access-Control-Allow-Origin") == [origin], "\(status)")
                    #expect(headers(answer, "Access-Control-Expose-Headers") == [Self.exposed], "\(status)")
                    #expect(headers(answer, "Vary").count { $0 == "Origin" } == 1, "\(status)")
                    #expect(answer["Access-Control-Allow-Credentials"] == nil)
                }
            }
        }
    }

    @Test(arguments: Transport.allCases) func `Other origins, and who names none, get nothing but Vary`(
        transport: Transport
    ) async throws {
        try await run("https://a.example", transport) { live in
            let ann = try await live.register("ann")
            let lines = [
                "", "Origin: null\r\n", "Origin: https://b.example\r\n", "Origin: http://a.example\r\n",
                "Origin: https://a.example:444\r\n", "Origin: https://a.example.evil.example\r\n",
                "Origin: https://A.example\r\n", "Origin: *\r\n", "Origin: \r\n",
            ]
            for line in lines {
                for (status, answer) in try answers(live, ann, headers: line) {
                    #expect(answer.status == status)
                    #expect(!answer.headers.contains { $0.name.lowercased().hasPrefix("access-control") }, "\(line)")
                    #expect(headers(answer, "Vary").contains("Origin"), "\(line) \(status)")
                }
            }
        }
    }

    @Test(arguments: Transport.allCases) func `With an asterisk everybody may read`(transport: Transport) async throws {
        try await run("*", transport) { live in
            let ann = try await live.register("ann")
            for line in ["", "Origin: null\r\n", "Origin: https://a.example\r\n"] {
                for (status, answer) in try answers(live, ann, headers: line) {
                    #expect(answer.status == status)
                    #expect(headers(answer, "Access-Control-Allow-Origin") == ["*"], "\(status)")
                    #expect(answer["Access-Control-Expose-Headers"] == Self.exposed)
                    #expect(!headers(answer, "Vary").contains("Origin"))
                }
            }
        }
    }

    @Test(arguments: Transport.allCases) func `A browser's question before a request is answered with what it may send`(
        transport: Transport
    ) async throws {
        for (option, allowed) in [("https://a.example", "https://a.example"), ("*", "*")] {
            try await run(option, transport) { live throws in
                let lines =
                    "Origin: https://a.example\r\nAccess-Control-Request-Method: DELETE\r\n"
                    + "Access-Control-Request-Headers: api-key,content-type,idempotency-key,martlet-wait\r\n"
                let answer = try live.stranger.call("OPTIONS", "/api/tweets/1", headers: lines)
                #expect(answer.status == 204)
                #expect(answer["Access-Control-Allow-Origin"] == allowed)
                #expect(answer["Access-Control-Allow-Methods"] == "GET, HEAD, DELETE, OPTIONS")
                let names = answer["Access-Control-Allow-Headers"]?.lowercased().split(separator: ", ") ?? []
                for name in ["api-key", "content-type", "idempotency-key", "martlet-wait", "if-none-match", "range"] {
                    #expect(names.contains(Substring(name)), "\(name)")
                }
                #expect(answer["Access-Control-Max-Age"] == "7200")
                let missing = try live.stranger.call("OPTIONS", "/api/x", headers: lines)
                #expect(missing.status == 404)
                #expect(missing["Access-Control-Allow-Methods"] == nil)
            }
        }
        try await run("https://a.example", transport) { live throws in
            for lines in [
                "Origin: https://b.example\r\nAccess-Control-Request-Method: GET\r\n",
                "Access-Control-Request-Method: GET\r\n", "Origin: https://a.example\r\n",
            ] {
                let answer = try live.stranger.call("OPTIONS", "/api/tweets", headers: lines)
                #expect(answer.status == 204)
                #expect(answer["Access-Control-Allow-Methods"] == nil)
                #expect(answer["Access-Control-Max-Age"] == nil)
                #expect(answer["Vary"] == "Origin")
            }
        }
    }
}
