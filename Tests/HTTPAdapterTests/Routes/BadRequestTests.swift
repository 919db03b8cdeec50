import ContractChecks
import Microblog
import Testing

@testable import HTTPAdapter

@Suite struct BadRequestTests {
    private static let badIDs = [
        "0", "-1", "x", "1.5", "1e3", "+1", "01", "%20", "1%20", "9007199254740992", "18446744073709551616",
        "99999999999999999999999", "0x10", "١", "me2", "null",
    ]

    @Test(arguments: Transport.allCases) func `An id in the path that is not a positive integer is 400`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let position = live.position
            for id in Self.badIDs {
                let calls = [
                    ("GET", "/api/tweets/\(id)"), ("DELETE", "/api/tweets/\(id)"),
                    ("GET", "/api/tweets/\(id)/likes"), ("POST", "/api/tweets/\(id)/likes"),
                    ("DELETE", "/api/tweets/\(id)/likes"), ("GET", "/api/tweets/\(id)/replies"),
                    ("PUT", "/api/tweets/\(id)/medias/1"), ("PUT", "/api/tweets/1/medias/\(id)"),
                    ("GET", "/api/users/\(id)"), ("POST", "/api/users/\(id)/follow"),
                    ("DELETE", "/api/users/\(id)/follow"), ("GET", "/api/users/\(id)/tweets"),
                    ("GET", "/api/users/\(id)/followers"), ("GET", "/api/users/\(id)/following"),
                ]
                for (method, target) in calls {
                    let answer = try ann.call(method, target)
                    #expect(answer.status == 400, "\(method) \(target)")
                    #expect(answer.errorType == "bad_request", "\(method) \(target)")
                }
            }
            #expect(live.position == position)
        }
    }

    private static let broken = [
        "", " ", "{", "}", "nonsense", "{\"tweet_data\": \"x\"", "{\"tweet_data\": \"x\"} y", "{tweet_data: \"x\"}",
        "{'tweet_data': 'x'}", "{\"tweet_data\": \"x\",}", "{\"tweet_data\": \"x\" // comment\n}",
        "{\"tweet_data\": NaN}", "{\"tweet_data\": \"a\nb\"}", "{\"tweet_data\": \"\\x41\"}", "tweet_data=x",
        "{\"tweet_data\" \"x\"}", "[1,]", "{\"a\":1}{\"b\":2}", "{\"tweet_data\": tru}", "{\"tweet_data\": 01}",
    ]

    @Test(arguments: Transport.allCases) func `A body that is not JSON is 400`(transport: Transport) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann", role: .admin)
            let position = live.position
            for body in Self.broken {
                for target in ["/api/tweets", "/admin/accounts"] {
                    let answer = try ann.post(target, body)
                    #expect(answer.status == 400, "\(body)")
                    #expect(answer.errorType == "bad_request")
                }
            }
            #expect(live.position == position)
        }
    }

    @Test(arguments: Transport.allCases) func `Following oneself is 400`(transport: Transport) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let position = live.position
            let answer = try ann.post("/api/users/\(ann.id)/follow")
            #expect(answer.status == 400)
            #expect(answer.errorType == "cannot_follow_yourself")
            #expect(live.position == position)
            #expect(try ann.get("/api/users/me").json?["user"]?["following"] == .array([]))
        }
    }

    @Test(arguments: Transport.allCases) func `A header of ours that stands twice is 400, the same value or not`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let position = live.position
            let calls: [(method: String, target: String, lines: String)] = [
                ("GET", "/api/users/me", "API-Key: key-ann\r\n"), ("GET", "/api/users/me", "api-key: x\r\n"),
                ("POST", "/api/tweets", "api-key: \r\n"),
                ("POST", "/api/tweets", "Idempotency-Key: a\r\nidempotency-key: a\r\n"),
                ("GET", "/api/tweets", "Martlet-Wait: 0\r\nmartlet-wait: 1\r\n"),
                ("GET", "/healthz", "Martlet-Wait: 0\r\nMartlet-Wait: 0\r\n"),
            ]
            for (method, target, lines) in calls {
                let body = method == "POST" ? Array("{\"tweet_data\": \"x\"}".utf8) : nil
                let answer = try ann.call(method, target, body: body, headers: lines)
                #expect(answer.status == 400, "\(method) \(target) \(lines)")
                #expect(answer.errorType == "bad_request")
                #expect(answer.text.contains("stands 2 times"))
            }
            #expect(live.position == position)
        }
    }

    @Test(arguments: Transport.allCases) func `Headers of ours that cannot be read are 400`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let position = live.position
            let long = String(repeating: "k", count: 256)
            for key in ["", "a b", "ä", long] {
                let answer = try ann.post(
                    "/api/tweets", "{\"tweet_data\": \"x\"}", headers: "Idempotency-Key: \(key)\r\n")
                #expect(answer.status == 400, "Idempotency-Key \(key)")
            }
            for wait in ["", "x", "-1", "1.5", "99999999999999999999", "1 2"] {
                let answer = try ann.get("/api/tweets", headers: "Martlet-Wait: \(wait)\r\n")
                #expect(answer.status == 400, "Martlet-Wait \(wait)")
            }
            #expect(live.position == position)
        }
    }
}
