import ContractChecks
import Microblog
import Testing

@testable import HTTPAdapter

@Suite struct AdminTests {
    private static let account = Shape.done([
        "account": .object(["id": .integer, "handle": .string, "name": .string, "role": .string, "key": .string])
    ])

    @Test(arguments: Transport.allCases) func `An admin makes accounts that can be used at once`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let admin = try await live.register("admin", role: .admin)
            let answer = try admin.post("/admin/accounts", "{\"handle\": \"Ann\", \"name\": \" Ann 🐦 \"}")
            #expect(answer.status == 201)
            #expect(Self.account.faults(of: answer.json) == [])
            let account = try #require(answer.json?["account"])
            #expect(account["handle"] == .string("ann"))
            #expect(account["name"] == .string("Ann 🐦"))
            #expect(account["role"] == .string("member"))
            let ann = live.stranger.another(key: account["key"]?.string)
            #expect(try ann.get("/api/users/me").json?["user"]?["id"] == account["id"])
            #expect(try ann.post("/admin/accounts", "{\"handle\": \"x\", \"name\": \"x\"}").status == 403)
        }
    }

    @Test(arguments: Transport.allCases) func `A key and a role can be asked for`(transport: Transport) async throws {
        try await LiveServer.run(transport) { live in
            let admin = try await live.register("admin", role: .admin)
            let body = "{\"handle\": \"ann\", \"name\": \"Ann\", \"key\": \"test\", \"role\": \"admin\"}"
            let answer = try admin.post("/admin/accounts", body)
            #expect(answer.json?["account"]?["key"] == .string("test"))
            let ann = live.stranger.another(key: "test")
            #expect(try ann.post("/admin/accounts", "{\"handle\": \"x\", \"name\": \"x\"}").status == 201)
        }
    }

    @Test(arguments: Transport.allCases)
    func `Two accounts without a key get two keys; a repeated request gets the same one`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let admin = try await live.register("admin", role: .admin)
            func make(_ handle: String, _ headers: String = "") throws -> String {
                let answer = try admin.post(
                    "/admin/accounts", "{\"handle\": \"\(handle)\", \"name\": \"x\"}", headers: headers)
                #expect(answer.status == 201)
                return try #require(answer.json?["account"]?["key"]?.string)
            }
            let keys = [
                try make("a"), try make("b"), try make("c", "Idempotency-Key: 1\r\n"),
                try make("d", "Idempotency-Key: 2\r\n"),
            ]
            #expect(Set(keys).count == 4)
            for key in keys { #expect(key.utf8.count >= 26) }
            let position = live.position
            #expect(try make("c", "Idempotency-Key: 1\r\n") == keys[2])
            #expect(live.position == position)
            #expect(try live.stranger.another(key: keys[2]).get("/api/users/me").status == 200)
        }
    }

    @Test(arguments: Transport.allCases) func `A member gets 403 and a wrong registration its own status`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let admin = try await live.register("admin", role: .admin)
            let ann = try await live.register("ann")
            let position = live.position
            #expect(try ann.post("/admin/accounts", "{\"handle\": \"x\", \"name\": \"x\"}").status == 403)
            let long = String(repeating: "x", count: 101)
            let wrong = [
                ("{}", 422), ("{\"handle\": \"x\"}", 422), ("{\"name\": \"x\"}", 422), ("[]", 422),
                ("{\"handle\": 1, \"name\": \"x\"}", 422), ("{\"handle\": \"x\", \"name\": null}", 422),
                ("{\"handle\": \"\", \"name\": \"x\"}", 422), ("{\"handle\": \"a b\", \"name\": \"x\"}", 422),
                ("{\"handle\": \"ä\", \"name\": \"x\"}", 422), ("{\"handle\": \"\(long)\", \"name\": \"x\"}", 422),
                ("{\"handle\": \"x\", \"name\": \" \"}", 422), ("{\"handle\": \"x\", \"name\": \"\(long)\"}", 422),
                ("{\"handle\": \"x\", \"name\": \"x\", \"key\": \"\"}", 422),
                ("{\"handle\": \"x\", \"name\": \"x\", \"key\": \"a b\"}", 422),
                ("{\"handle\": \"x\", \"name\": \"x\", \"key\": 1}", 422),
                ("{\"handle\": \"x\", \"name\": \"x\", \"role\": \"king\"}", 422),
                ("{\"handle\": \"x\", \"name\": \"x\", \"role\": 1}", 422),
                ("{\"handle\": \"ANN\", \"name\": \"x\"}", 409),
                ("{\"handle\": \"x\", \"name\": \"x\", \"key\": \"key-ann\"}", 409), ("no JSON", 400),
            ]
            for (body, status) in wrong { #expect(try admin.post("/admin/accounts", body).status == status, "\(body)") }
            #expect(live.position == position)
        }
    }
}
