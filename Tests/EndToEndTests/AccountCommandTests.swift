import ContractChecks
import Testing

extension EndToEnd {
    @Suite struct AccountCommandTests {
        private static let account = Shape.object([
            "id": .integer, "handle": .string, "name": .string, "key": .string,
        ])

        @Test func `An account is made, printed as JSON, and can be used`() async throws {
            try await Workspace.run { place in
                let made = try place.martlet(
                    "account", "create", "--data", place.data, "--handle", "Ann", "--name", "Ann \"Á\" 🐦")
                #expect(made.status == 0)
                #expect(made.errors == "")
                #expect(made.output.hasSuffix("}\n") && made.output.utf8.count { $0 == 10 } == 1)
                #expect(Self.account.faults(of: made.json) == [])
                #expect(made.json?["id"] == .integer(1))
                #expect(made.json?["handle"] == .string("ann"))
                #expect(made.json?["name"] == .string("Ann \"Á\" 🐦"))
                let key = try #require(made.json?["key"]?.string)
                let server = try place.serve()
                let user = try server.connect(key).call("GET", "/api/users/me").json?["user"]
                #expect(user?["name"] == .string("Ann \"Á\" 🐦"))
                #expect(try server.connect(key).call("POST", "/admin/accounts", "{}").status == 403)
            }
        }

        @Test func `An admin may make accounts over HTTP`() async throws {
            try await Workspace.run { place in
                try place.account("boss", role: "admin")
                let server = try place.serve()
                let body = "{\"handle\": \"ann\", \"name\": \"Ann\", \"key\": \"test\"}"
                #expect(try server.connect("key-boss").call("POST", "/admin/accounts", body).status == 201)
                #expect(try server.connect("test").call("GET", "/api/tweets").status == 200)
            }
        }

        @Test func `A further key is made, and one ends`() async throws {
            try await Workspace.run { place in
                try place.account("ann")
                let random = try place.martlet("account", "key", "--data", place.data, "--handle", "ann")
                #expect(random.status == 0)
                let shape = Shape.object(["id": .integer, "handle": .string, "key": .string])
                #expect(shape.faults(of: random.json) == [])
                let key = try #require(random.json?["key"]?.string)
                let chosen = try place.martlet(
                    "account", "key", "--data", place.data, "--handle", "ANN", "--key", "second")
                #expect(chosen.json?["key"] == .string("second"))
                #expect(try place.martlet("account", "revoke", "--data", place.data, "--key", "key-ann").status == 0)
                #expect(try place.martlet("account", "revoke", "--data", place.data, "--key", "key-ann").status == 0)
                let server = try place.serve()
                for (key, status) in [("key-ann", 401), (key, 200), ("second", 200)] {
                    #expect(try server.connect(key).call("GET", "/api/users/me").status == status)
                }
            }
        }

        @Test func `What the rules forbid ends with 1, and says why`() async throws {
            try await Workspace.run { place in
                try place.account("ann")
                let create = ["account", "create", "--data", place.data]
                let wrong: [([String], String)] = [
                    (create + ["--handle", "ANN", "--name", "x"], "the handle ann is taken"),
                    (create + ["--handle", "a b", "--name", "x"], "a handle has only letters"),
                    (create + ["--handle", "bob", "--name", "  "], "the name is blank"),
                    (create + ["--handle", "bob", "--name", "x", "--key", "key-ann"], "in use"),
                    (create + ["--handle", "bob", "--name", "x", "--key", "a b"], "visible ASCII"),
                    (
                        ["account", "key", "--data", place.data, "--handle", "nobody"],
                        "no account with the handle nobody"
                    ),
                    (["account", "key", "--data", place.data, "--handle", "ann", "--key", "key-ann"], "in use"),
                    (["account", "revoke", "--data", place.data, "--key", "unknown"], "there is no key"),
                ]
                for (arguments, message) in wrong {
                    let outcome = try place.start(arguments).wait()
                    #expect(outcome.status == 1, "\(arguments)")
                    #expect(outcome.errors.contains(message), "\(arguments): \(outcome.errors)")
                    #expect(outcome.output.isEmpty)
                }
                #expect(try place.martlet("digest", "--data", place.data).json?["position"] == .integer(1))
            }
        }

        @Test func `A secret that is wrong is not shown`() async throws {
            try await Workspace.run { place in
                let outcome = try place.martlet(
                    "account", "create", "--data", place.data, "--handle", "a", "--name", "a", "--key", "secret word")
                #expect(outcome.status != 0)
                #expect(!outcome.errors.contains("secret word"))
            }
        }
    }
}
