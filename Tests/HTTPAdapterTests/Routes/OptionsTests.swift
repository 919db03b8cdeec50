import ContractChecks
import Testing

@testable import HTTPAdapter

@Suite struct OptionsTests {
    @Test(arguments: Transport.allCases) func `Every path that exists tells its methods, without a key`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live throws in
            let ann = try await live.register("ann")
            let position = live.position
            let paths = [
                "/api/tweets": "GET, HEAD, POST, OPTIONS", "/api/tweets/1": "GET, HEAD, DELETE, OPTIONS",
                "/api/tweets/x": "GET, HEAD, DELETE, OPTIONS", "/api/medias": "POST, OPTIONS",
                "/api/tweets/1/medias/2": "PUT, OPTIONS", "/api/users/me": "GET, HEAD, PATCH, OPTIONS",
                "/api/tweets?sort=x&sort=y": "GET, HEAD, POST, OPTIONS", "/admin/accounts": "POST, OPTIONS",
                "/media/x": "GET, HEAD, OPTIONS", "/healthz": "GET, HEAD, OPTIONS", "/docs": "GET, HEAD, OPTIONS",
                "/openapi.json": "GET, HEAD, OPTIONS", "/": "GET, HEAD, OPTIONS",
            ]
            for (path, allowed) in paths {
                for client in [ann, live.stranger, live.stranger.another(key: "wrong")] {
                    let answer = try client.call("OPTIONS", path)
                    #expect(answer.status == 204, "\(path)")
                    #expect(answer["Allow"] == allowed, "\(path)")
                    #expect(answer.body.isEmpty)
                    #expect(answer["Content-Type"] == nil)
                    #expect(!answer.headers.contains { $0.name.lowercased().hasPrefix("access-control") })
                    #expect(answer["Vary"] == nil)
                }
            }
            // A body is thrown away, and the same connection goes on.
            #expect(try ann.call("OPTIONS", "/api/tweets", body: Array("{}".utf8)).status == 204)
            #expect(try ann.get("/api/users/me").status == 200)
            #expect(live.position == position)
        }
    }

    @Test(arguments: Transport.allCases) func `A path that does not exist is 404 to OPTIONS too`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live throws in
            for path in ["/api", "/api/", "/api/x", "/api/tweets/", "/media/", "/login", "/x", "/index.html"] {
                let answer = try live.stranger.call("OPTIONS", path)
                #expect(answer.status == 404, "\(path)")
                #expect(answer["Allow"] == nil, "\(path)")
            }
            // The same holds for a method that no page has.
            #expect(try live.stranger.post("/x").status == 404)
            #expect(try live.stranger.post("/").status == 405)
        }
    }

    @Test(arguments: Transport.allCases) func `The server as a whole tells all methods`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live throws in
            let answer = try live.stranger.call("OPTIONS", "*")
            #expect(answer.status == 204)
            #expect(answer["Allow"] == "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS")
        }
    }
}
