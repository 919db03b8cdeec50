import Application
import ContractChecks
import Microblog
import Testing

@testable import HTTPAdapter

/// `PATCH /api/users/me`: another name, another handle.
@Suite struct RenameTests {
    /// Sends a change of names.
    private func change(_ client: APIClient, _ body: String, key: String? = nil) throws -> Answer {
        let headers = key.map { "Idempotency-Key: \($0)\r\n" } ?? ""
        return try client.call("PATCH", "/api/users/me", body: Array(body.utf8), headers: headers)
    }

    @Test(arguments: Transport.allCases) func `The answer shows the user as it is after the change`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob")
            try bob.follow(ann)
            for (body, name, handle) in [
                ("{\"name\": \"  Ann \\\"Á\\\" 🐦 \"}", "Ann \"Á\" 🐦", "ann"),
                ("{\"handle\": \"Ann.2\", \"unknown\": null}", "Ann \"Á\" 🐦", "ann.2"),
                ("{\"handle\": \"anna\", \"name\": \"Anna\"}", "Anna", "anna"),
            ] {
                let position = live.position
                let answer = try change(ann, body)
                #expect(answer.status == 200)
                #expect(live.position == position + 1)
                #expect(answer.position == live.position)
                #expect(Shape.done(["user": .user]).faults(of: answer.json) == [])
                #expect(answer.json?["user"]?["name"] == .string(name))
                #expect(answer.json?["user"]?["handle"] == .string(handle))
                #expect(answer.json?["user"]?["followers"]?[0]?["id"] == .integer(bob.id))
                for target in ["/api/users/me", "/api/users/\(ann.id)", "/api/users?handle=\(handle)"] {
                    #expect(try ann.get(target).json == answer.json, "\(target)")
                }
                // What is already so is answered alike, and is not a further event.
                #expect(try change(ann, body).json == answer.json)
                #expect(live.position == position + 1)
            }
        }
    }

    @Test(arguments: Transport.allCases) func `The new name shows wherever the account does`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob")
            let (own, other) = (try ann.tweet("own"), try bob.tweet("other"))
            try ann.like(other)
            try ann.follow(bob)
            try bob.follow(ann)
            for name in ["Anna", "A name of more than the few bytes that a slot of the cache has room for", "A"] {
                // The old name is read before, so that whoever remembers it has to forget it.
                #expect(try bob.get("/api/tweets").status == 200)
                #expect(try change(ann, "{\"name\": \"\(name)\"}").status == 200)
                let person = JSONValue.object(["id": .integer(ann.id), "name": .string(name)])
                #expect(try bob.read(own)["author"] == person)
                let feed = try bob.get("/api/tweets?sort=newest").json?["tweets"]
                #expect(feed?[0]?["likes"]?[0]?["name"] == .string(name))
                #expect(feed?[1]?["author"] == person)
                #expect(try bob.get("/api/tweets/\(other)/likes").json?["likes"]?[0]?["name"] == .string(name))
                #expect(try bob.get("/api/users/\(ann.id)/tweets").json?["tweets"]?[0]?["author"] == person)
                let user = try bob.get("/api/users/me").json?["user"]
                for list in ["followers", "following"] {
                    #expect(user?[list] == .array([person]), "\(list)")
                    #expect(try bob.get("/api/users/\(bob.id)/\(list)").json?["users"] == .array([person]), "\(list)")
                }
            }
        }
    }

    @Test(arguments: Transport.allCases) func `A body that changes nothing, or cannot be read, is refused`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let position = live.position
            let wrong = [
                ("{}", "unprocessable", "\"name\", \"handle\", or both"),
                ("{\"nam\": \"x\"}", "unprocessable", "\"name\", \"handle\", or both"),
                ("{\"name\": null}", "unprocessable", "\"name\""),
                ("{\"handle\": null, \"name\": \"x\"}", "unprocessable", "\"handle\""),
                ("{\"name\": 1}", "unprocessable", "\"name\""),
                ("{\"handle\": [\"x\"]}", "unprocessable", "\"handle\""),
                ("{\"name\": \" \\t\"}", "name_blank", "name"), ("{\"name\": \"\"}", "name_blank", "name"),
                ("{\"name\": \"\(String(repeating: "é", count: 101))\"}", "name_too_long", "100"),
                ("{\"handle\": \"\"}", "handle_length", "handle"),
                ("{\"handle\": \"a b\"}", "handle_character", "handle"),
                ("{\"handle\": \"\(String(repeating: "x", count: 31))\", \"name\": \"x\"}", "handle_length", "30"),
                ("[]", "unprocessable", "object"),
            ]
            for (body, type, message) in wrong {
                let answer = try change(ann, body)
                #expect(answer.status == 422, "\(body)")
                #expect(answer.errorType == type, "\(body)")
                #expect(answer.json?["error_message"]?.string?.contains(message) == true, "\(body): \(answer.text)")
            }
            for body in ["", "name=x", "{\"name\": \"x\""] { #expect(try change(ann, body).status == 400, "\(body)") }
            #expect(live.position == position)
            #expect(try ann.get("/api/users/me").json?["user"]?["name"] == .string("The ann"))
        }
    }

    @Test(arguments: Transport.allCases)
    func `A handle that was given up is held for others, and is there for its last owner`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob", role: .admin)
            let taken = try change(bob, "{\"handle\": \"ANN\"}")
            #expect(taken.status == 409)
            #expect(taken.errorType == "handle_taken")
            #expect(try change(ann, "{\"handle\": \"anna\"}").status == 200)
            #expect(try bob.get("/api/users?handle=ann").status == 404)
            for held in [
                try change(bob, "{\"handle\": \"ann\", \"name\": \"not changed either\"}"),
                try bob.post("/admin/accounts", "{\"handle\": \"ann\", \"name\": \"New\"}"),
            ] {
                #expect(held.status == 409)
                #expect(held.errorType == "handle_held")
                #expect(held.json?["error_message"]?.string?.contains("ann") == true)
            }
            #expect(try bob.get("/api/users/me").json?["user"]?["name"] == .string("The bob"))
            #expect(try change(ann, "{\"handle\": \"ann\"}").status == 200)
            #expect(try bob.get("/api/users?handle=ann").json?["user"]?["id"] == .integer(ann.id))
            #expect(try bob.get("/api/users?handle=anna").status == 404)
        }
    }

    @Test(arguments: Transport.allCases) func `Without a hold a handle is free at once`(transport: Transport)
        async throws
    {
        try await LiveServer.with { $0.whole.limits = Limits(handleHold: 0) }.run(transport) { live in
            let ann = try await live.register("ann")
            let bob = try await live.register("bob")
            #expect(try change(ann, "{\"handle\": \"anna\"}").status == 200)
            #expect(try change(bob, "{\"handle\": \"ann\"}").status == 200)
            #expect(try change(ann, "{\"handle\": \"ann\"}").errorType == "handle_taken")
            #expect(try ann.get("/api/users?handle=ann").json?["user"]?["id"] == .integer(bob.id))
        }
    }

    @Test(arguments: Transport.allCases) func `The same idempotency key changes nothing more`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let first = try change(ann, "{\"name\": \"Anna\"}", key: "k")
            #expect(first.status == 200)
            let position = live.position
            #expect(try change(ann, "{ \"name\": \" Anna\" }", key: "k").json == first.json)
            for other in ["{\"name\": \"Bob\"}", "{\"name\": \"Anna\", \"handle\": \"anna\"}"] {
                let answer = try change(ann, other, key: "k")
                #expect(answer.status == 422, "\(other)")
                #expect(answer.errorType == "idempotency_key_reused", "\(other)")
            }
            #expect(live.position == position)
            // A name that came after it stays, and is shown.
            #expect(try change(ann, "{\"name\": \"Annie\"}").status == 200)
            let again = try change(ann, "{\"name\": \"Anna\"}", key: "k")
            #expect(again.status == 200)
            #expect(again.json?["user"]?["name"] == .string("Annie"))
            #expect(live.position == position + 1)
        }
    }
}
