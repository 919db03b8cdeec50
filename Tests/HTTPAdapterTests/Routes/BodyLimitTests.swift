import Application
import ContractChecks
import Microblog
import Testing

@testable import HTTPAdapter

/// How long a body may be, how much it may hold, and when it is not read at all.
@Suite struct BodyLimitTests {
    /// A body of exactly so many bytes.
    private func padded(_ members: String, to count: Int) -> String {
        let rest = count - members.utf8.count - "{, \"pad\": \"\"}".utf8.count
        return "{\(members), \"pad\": \"\(String(repeating: "p", count: rest))\"}"
    }

    @Test(arguments: Transport.allCases) func `Each route takes a body as long as it needs, and one byte more is 413`(
        transport: Transport
    ) async throws {
        try await LiveServer.with { $0.whole.limits = Limits(textLength: 2000) }.run(transport) { live in
            let ann = try await live.register("ann", role: .admin)
            let calls: [(method: String, target: String, members: String, limit: Int)] = [
                ("POST", "/api/tweets", "\"tweet_data\": \"x\"", 28_096),
                ("PATCH", "/api/users/me", "\"name\": \"A\"", 16_384),
                ("POST", "/admin/accounts", "\"name\": \"B\", \"handle\": \"bob\"", 16_384),
            ]
            for (method, target, members, limit) in calls {
                let fitting = Array(padded(members, to: limit).utf8)
                #expect(fitting.count == limit)
                #expect(try [200, 201].contains(ann.call(method, target, body: fitting).status), "\(method) \(target)")
                let answer = try ann.call(method, target, body: fitting + [0x20])
                #expect(answer.status == 413, "\(method) \(target)")
                #expect(answer.text.contains("\(limit) bytes"))
            }
            #expect(try live.stranger.get("/metrics").text.contains("limited_total{limit=\"body_size\"} 3\n"))
        }
    }

    @Test(arguments: Transport.allCases) func `The longest text fits however it is written`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let text = String(repeating: "\\ud83d\\udc26", count: 1000)
            let answer = try ann.post("/api/tweets", "{\"tweet_data\": \"\(text)\", \"tweet_media_ids\": []}")
            #expect(answer.status == 201)
        }
    }

    @Test(arguments: Transport.allCases) func `A body with too many values is 422, and says how many there may be`(
        transport: Transport
    ) async throws {
        try await LiveServer.with { $0.whole.limits = Limits(textLength: 100_000) }.run(transport) { live in
            let ann = try await live.register("ann")
            let position = live.position
            func body(_ count: Int) -> String {
                "{\"tweet_data\": \"x\", \"x\": [\(Array(repeating: "{}", count: count).joined(separator: ","))]}"
            }
            let answer = try ann.post("/api/tweets", body(300_000))
            #expect(answer.status == 422)
            #expect(answer.errorType == "unprocessable")
            #expect(answer.text.contains("more than 10000 values"))
            #expect(try ann.post("/api/tweets", body(10_000 - 2)).status == 422)
            #expect(live.position == position)
            #expect(try ann.post("/api/tweets", body(10_000 - 3)).status == 201)
            #expect(try live.stranger.get("/metrics").text.contains("limited_total{limit=\"body_values\"} 2\n"))
        }
    }

    @Test(arguments: Transport.allCases) func `A body may begin with a byte order mark, once`(transport: Transport)
        async throws
    {
        // RFC 8259, 8.1: it must not be sent, and may be passed over.
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            #expect(try ann.post("/api/tweets", "\u{FEFF}{\"tweet_data\": \"x\"}").status == 201)
            #expect(try ann.post("/api/tweets", "\u{FEFF}\u{FEFF}{\"tweet_data\": \"x\"}").status == 400)
            #expect(try ann.post("/api/tweets", " \u{FEFF}{\"tweet_data\": \"x\"}").status == 400)
            #expect(try ann.post("/api/tweets", "\u{FEFF}").status == 400)
        }
    }

    @Test func `A body is not asked for before the key is known`() async throws {
        try await LiveServer.with {
            $0.http.requestsPerSecond = 1
            $0.http.burst = 1
        }.run(.socket) { live in
            _ = try await live.register("ann")
            guard case .socket(let port) = live.wire else { return }
            let calls = ["GET /api/users/me", "DELETE /api/tweets/1", "POST /api/tweets", "POST /api/medias"]
            for call in calls {
                // The client waits for 100 before it sends the body. It gets the answer instead.
                let raw = try RawClient(port: port)
                try raw.send("\(call) HTTP/1.1\r\nHost: a\r\nContent-Length: 18\r\nExpect: 100-continue\r\n\r\n")
                #expect(try raw.readResponse().status == 401, "\(call)")
            }
            // One request a second: some soon comes too early, however slow the machine is.
            var statuses: [Int] = []
            while !statuses.contains(429), statuses.count < 100 {
                let raw = try RawClient(port: port)
                try raw.send(
                    "POST /api/tweets HTTP/1.1\r\nHost: a\r\napi-key: key-ann\r\nContent-Length: 18\r\n"
                        + "Expect: 100-continue\r\n\r\n")
                statuses.append(try raw.readResponse().status)
            }
            #expect(statuses.dropLast().allSatisfy { $0 == 100 } && statuses.last == 429)
        }
    }
}
