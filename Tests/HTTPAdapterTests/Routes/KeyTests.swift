import Application
import ContractChecks
import Microblog
import Testing

@testable import HTTPAdapter

@Suite struct KeyTests {
    /// Every call that needs a key.
    private static let calls = [
        ("GET", "/api/tweets"), ("POST", "/api/tweets"), ("GET", "/api/tweets/1"), ("DELETE", "/api/tweets/1"),
        ("GET", "/api/tweets/1/likes"), ("POST", "/api/tweets/1/likes"), ("DELETE", "/api/tweets/1/likes"),
        ("GET", "/api/tweets/1/replies"), ("PUT", "/api/tweets/1/medias/2"), ("POST", "/api/medias"),
        ("GET", "/api/users?handle=ann"), ("GET", "/api/users/me"), ("PATCH", "/api/users/me"), ("GET", "/api/users/1"),
        ("POST", "/api/users/1/follow"), ("DELETE", "/api/users/1/follow"), ("GET", "/api/users/1/tweets"),
        ("GET", "/api/users/1/followers"), ("GET", "/api/users/1/following"), ("POST", "/admin/accounts"),
        ("HEAD", "/api/tweets"), ("HEAD", "/api/users/me"),
    ]

    @Test(arguments: Transport.allCases) func `Every call without a valid key is 401`(transport: Transport) async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            try ann.tweet("Hello")
            let position = live.position
            let long = String(repeating: "k", count: 5000)
            for key in [nil, "", "unknown", "key-ann2", "KEY-ANN", "key-an", "\u{FF}", long] as [String?] {
                let nobody = APIClient(live.wire, key: key)
                for (method, target) in Self.calls {
                    let answer = try nobody.call(method, target)
                    #expect(answer.status == 401, "\(method) \(target) with the key \(key?.prefix(20) ?? "-")")
                    #expect(method == "HEAD" || answer.errorType == "unauthorized")
                }
            }
            #expect(live.position == position)
        }
    }

    @Test(arguments: Transport.allCases) func `A missing key comes before a bad body, a bad id and a bad parameter`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live throws in
            let nobody = live.stranger
            #expect(try nobody.post("/api/tweets", "no JSON").status == 401)
            #expect(try nobody.delete("/api/tweets/x").status == 401)
            #expect(try nobody.get("/api/tweets?limit=x").status == 401)
            #expect(try nobody.upload(form: MultipartForm("file", Picture.png(1))).status == 401)
        }
    }

    @Test(arguments: Transport.allCases) func `A revoked key is 401 and another key of the account goes on`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let second = AccessKey("second")!
            _ = try await live.martlet.execute(
                .issueKey(IssueKey(account: AccountID(UInt64(ann.id)), key: second.hash)), by: .operator)
            let other = ann.another(key: "second")
            #expect(try other.get("/api/users/me").json?["user"]?["id"] == .integer(ann.id))
            _ = try await live.martlet.execute(.revokeKey(RevokeKey(AccessKey("key-ann")!.hash)), by: .operator)
            for (method, target) in Self.calls {
                #expect(try ann.call(method, target).status == 401, "\(method) \(target)")
            }
            #expect(try other.get("/api/users/me").status == 200)
        }
    }

    @Test(arguments: Transport.allCases) func `The name of the header is taken in any case, its value is not`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            _ = try await live.register("ann")
            let nobody = live.stranger
            #expect(try nobody.get("/api/users/me", headers: "API-KEY: key-ann\r\n").status == 200)
            #expect(try nobody.get("/api/users/me", headers: "Api-Key:key-ann\r\n").status == 200)
            #expect(try nobody.get("/api/users/me", headers: "api-key: Key-Ann\r\n").status == 401)
        }
    }

    @Test(arguments: Transport.allCases) func `Health, metrics, documents and media need no key`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live throws in
            for target in ["/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"] {
                #expect(try live.stranger.get(target).status == 200, "\(target)")
                #expect(try live.stranger.call("HEAD", target).status == 200, "\(target)")
            }
        }
    }
}
