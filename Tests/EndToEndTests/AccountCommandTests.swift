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
                try place.account("carl")
                let create = ["account", "create", "--data", place.data]
                let rename = ["account", "rename", "--data", place.data, "--handle"]
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
                    (rename + ["nobody", "--name", "x"], "no account with the handle nobody"),
                    (rename + ["ann"], "nothing to change for ann; give --name, --new-handle, or both"),
                    (rename + ["ann", "--name", " "], "the name is blank"),
                    (rename + ["ann", "--new-handle", "a b"], "a handle has only letters"),
                    (rename + ["ann", "--new-handle", "carl"], "the handle carl is taken"),
                ]
                for (arguments, message) in wrong {
                    let outcome = try place.start(arguments).wait()
                    #expect(outcome.status == 1, "\(arguments)")
                    #expect(outcome.errors.contains(message), "\(arguments): \(outcome.errors)")
                    #expect(outcome.output.isEmpty)
                }
                #expect(try place.martlet("digest", "--data", place.data).json?["position"] == .integer(2))
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

        @Test func `An account gets another name and another handle, and both are printed as JSON`() async throws {
            try await Workspace.run { place in
                let id = try place.account("ann")
                try place.account("bob")
                let rename = ["account", "rename", "--data", place.data, "--handle"]
                let changes: [([String], handle: String, name: String)] = [
                    (["ANN", "--name", " Ann \"Á\" 🐦 "], "ann", "Ann \"Á\" 🐦"),
                    (["ann", "--new-handle", "Anna"], "anna", "Ann \"Á\" 🐦"),
                    (["anna", "--name", "Ann", "--new-handle", "ann"], "ann", "Ann"),
                    // What is already so is printed as well.
                    (["ann", "--name", "Ann", "--new-handle", "ann"], "ann", "Ann"),
                    (["ann", "--new-handle", "a.n"], "a.n", "Ann"),
                ]
                for (arguments, handle, name) in changes {
                    let outcome = try place.start(rename + arguments).wait()
                    #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
                    #expect(outcome.output.hasSuffix("}\n") && outcome.output.utf8.count { $0 == 10 } == 1)
                    let printed = JSONValue.object([
                        "id": .integer(id), "handle": .string(handle), "name": .string(name),
                    ])
                    #expect(outcome.json == printed, "\(arguments)")
                }
                #expect(try place.martlet("digest", "--data", place.data).json?["position"] == .integer(6))
                let server = try place.serve()
                let user = try server.connect("key-ann").call("GET", "/api/users/me").json?["user"]
                #expect(user?["handle"] == .string("a.n"))
                #expect(try server.connect("key-bob").call("GET", "/api/users?handle=ann").status == 404)
            }
        }

        @Test func `A handle that was given up is held for as many days as each command is told`() async throws {
            try await Workspace.run { place in
                try place.account("ann")
                try place.account("bob")
                let data = place.data
                #expect(
                    try place.martlet("account", "rename", "--data", data, "--handle", "ann", "--new-handle", "anna")
                        .status == 0)
                let take = ["account", "rename", "--data", data, "--handle", "bob", "--new-handle", "ann"]
                let create = ["account", "create", "--data", data, "--handle", "ann", "--name", "x"]
                for arguments in [take, create, take + ["--handle-hold", "1"]] {
                    let held = try place.start(arguments).wait()
                    #expect(held.status == 1, "\(arguments)")
                    #expect(held.errors.contains("the handle ann"), "\(held.errors)")
                }
                let body = "{\"handle\": \"ann\"}"
                let holding = try place.serve()
                #expect(try holding.connect("key-bob").call("PATCH", "/api/users/me", body).status == 409)
                #expect(try holding.stop().status == 0)
                let freeing = try place.serve(environment: ["MARTLET_HANDLE_HOLD": "0"])
                let bob = try freeing.connect("key-bob")
                #expect(try bob.call("PATCH", "/api/users/me", body).status == 200)
                #expect(try bob.call("PATCH", "/api/users/me", "{\"handle\": \"b\"}").status == 200)
                #expect(try freeing.stop().status == 0)
                #expect(try place.start(create + ["--handle-hold", "0"]).wait().status == 0)
            }
        }
    }
}
