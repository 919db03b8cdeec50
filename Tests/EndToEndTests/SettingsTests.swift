import ContractChecks
import Testing

extension EndToEnd {
    /// Where settings come from: flags, the environment, `.env`.
    @Suite struct SettingsTests {
        /// The longest text that a server takes.
        private func textLength(_ server: Server) throws -> Int {
            let client = try server.connect("key-ann")
            return try (1...6).last { length in
                let text = String(repeating: "x", count: length)
                return try client.call("POST", "/api/tweets", "{\"tweet_data\": \"\(text)\"}").status == 201
            } ?? 0
        }

        @Test func `A flag wins over the environment, that over the file, and that over the default`() async throws {
            try await Workspace.run { place in
                try place.account("ann")
                var server = try place.serve()
                #expect(try textLength(server) == 6)
                #expect(try server.stop().status == 0)
                try place.write(".env", "# settings\nexport MARTLET_TEXT_LENGTH='3' # three\n")
                server = try place.serve()
                #expect(try textLength(server) == 3)
                #expect(try server.stop().status == 0)
                server = try place.serve(environment: ["MARTLET_TEXT_LENGTH": "4"])
                #expect(try textLength(server) == 4)
                #expect(try server.stop().status == 0)
                server = try place.serve("--text-length", "5", environment: ["MARTLET_TEXT_LENGTH": "4"])
                #expect(try textLength(server) == 5)
                #expect(try server.stop().status == 0)
                server = try place.serve(environment: ["MARTLET_TEXT_LENGTH": ""])
                #expect(try textLength(server) == 3)
            }
        }

        @Test func `Origins and the policy of pages are set like all else, and what is no origin stops the start`()
            async throws
        {
            try await Workspace.run { place in
                try place.account("ann")
                try place.write("index.html", "<page>")
                let server = try place.serve(
                    "--web-root", place.path, "--page-policy", "default-src 'self' https://a.example",
                    environment: ["MARTLET_ALLOW_ORIGIN": "https://a.example, http://localhost:5173"])
                for (origin, isAllowed) in [("http://localhost:5173", true), ("http://localhost:5174", false)] {
                    let answer = try server.connect("key-ann").call(
                        "GET", "/api/tweets", headers: "Origin: \(origin)\r\n")
                    #expect(answer["Access-Control-Allow-Origin"] == (isAllowed ? origin : nil))
                }
                let page = try server.connect().call("GET", "/login")
                #expect(page["Content-Security-Policy"] == "default-src 'self' https://a.example")
                #expect(try server.stop().status == 0)
                let refused = try place.martlet("serve", "--data", place.data, "--allow-origin", "https://a.example/")
                #expect(refused.status == 2)
                #expect(refused.errors.contains("\"https://a.example/\" is not * or origins such as"))
            }
        }

        @Test func `The data directory can be set too, and a wrong setting names its place`() async throws {
            try await Workspace.run { place in
                try place.account("ann")
                #expect(try place.martlet("digest", environment: ["MARTLET_DATA": place.data]).status == 0)
                try place.write(".env", "MARTLET_DATA=\"\(place.data)\"\r\nOTHER=1\r\n")
                #expect(try place.martlet("digest").status == 0)
                let variable = try place.martlet("serve", environment: ["MARTLET_LOOPS": "many"])
                #expect(variable.status == 2)
                #expect(variable.errors.contains("MARTLET_LOOPS"))
                try place.write(".env", "\nMARTLET_DATTA=x\n")
                let misspelt = try place.martlet("digest", "--data", place.data)
                #expect(misspelt.status == 2)
                #expect(
                    misspelt.errors.contains(".env, line 2") && misspelt.errors.contains("did you mean MARTLET_DATA?"))
                try place.write(".env", "MARTLET_DATA='x\n")
                #expect(try place.martlet("digest", "--data", place.data).status == 2)
                #expect(try place.martlet("digest", "--help").status == 0)
            }
        }
    }
}
