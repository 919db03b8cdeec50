import ContractChecks
import Testing

extension EndToEnd {
    /// The options that say how often somebody may ask.
    @Suite struct RateOptionTests {
        /// What a server says of the limit for accounts.
        private func limit(_ server: Server) throws -> String? {
            try server.connect("key-ann").call("GET", "/api/users/me")["RateLimit-Limit"]
        }

        @Test func `Without options an account may ask a thousand times at once`() async throws {
            try await Workspace.run { place in
                try place.account("ann")
                // An empty variable is as good as none.
                let server = try place.serve(environment: ["MARTLET_REQUESTS_PER_SECOND": ""])
                #expect(try limit(server) == "1000")
            }
        }

        @Test func `The options set the limit, and take it away`() async throws {
            try await Workspace.run { place in
                try place.account("ann")
                var server = try place.serve("--requests-per-second", "1", "--burst", "7")
                #expect(try limit(server) == "7")
                #expect(try server.stop().status == 0)
                server = try place.serve("--requests-per-second", "0")
                #expect(try limit(server) == nil)
            }
        }

        @Test func `Behind a trusted proxy wrong keys count by the forwarded address`() async throws {
            try await Workspace.run { place in
                try place.account("ann")
                let server = try place.serve("--trusted-proxy", "10.0.0.0/8,127.0.0.1", "--wrong-keys-per-second", "1")
                let client = try server.connect("wrong")
                func status(_ forwarded: String) throws -> Int {
                    try client.call("GET", "/api/tweets", headers: "X-Forwarded-For: \(forwarded)\r\n").status
                }
                let statuses = try (0..<100).map { _ in try status("192.0.2.1, 10.0.0.9") }
                #expect(statuses[0] == 401 && statuses.contains(429))
                #expect(try status("192.0.2.2, 10.0.0.9") == 401)
            }
        }

        @Test(arguments: [
            ["--trusted-proxy", "localhost"], ["--trusted-proxy", "10.0.0.0/33"], ["--trusted-proxy", "127.0.0.1,"],
            ["--requests-per-second", "-1"], ["--burst", "0"], ["--wrong-keys-per-second", "x"],
        ]) func `A value that makes no sense stops the start`(option: [String]) async throws {
            try await Workspace.run { place in
                let outcome = try place.martlet("serve", "--data", place.data, option[0], option[1])
                #expect(outcome.status == 2)
                #expect(outcome.errors.contains(option[0]))
            }
        }
    }
}
