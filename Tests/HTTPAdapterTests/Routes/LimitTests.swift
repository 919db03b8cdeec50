import ContractChecks
import Testing

@testable import HTTPAdapter

@Suite struct LimitTests {
    @Test(arguments: Transport.allCases) func `A body that is too long is 413`(transport: Transport) async throws {
        try await LiveServer.with { $0.http.bodyLimit = 1000 }.run(transport) { live in
            let ann = try await live.register("ann")
            let position = live.position
            let fitting = "{\"tweet_data\": \"x\", \"pad\": \"\(String(repeating: "p", count: 1000 - 30))\"}"
            try #require(fitting.utf8.count == 1000)
            #expect(try ann.post("/api/tweets", fitting).status == 201)
            #expect(try ann.post("/api/tweets", fitting + " ").status == 413)
            #expect(live.position == position + 1)
        }
    }

    @Test func `A body that is too long is 413 also when its length is not told`() async throws {
        try await LiveServer.with { $0.http.bodyLimit = 1000 }.run(.socket) { live in
            _ = try await live.register("ann")
            guard case .socket(let port) = live.wire else { return }
            let position = live.position
            let chunk = "400\r\n" + String(repeating: " ", count: 1024) + "\r\n0\r\n\r\n"
            let raw = try RawClient(port: port)
            try raw.send(
                "POST /api/tweets HTTP/1.1\r\nHost: test\r\napi-key: key-ann\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n\(chunk)"
            )
            let answer = try raw.readResponse()
            #expect(answer.status == 413)
            #expect(answer.text.contains("\"result\":false"))
            #expect(live.position == position)
        }
    }

    @Test(arguments: Transport.allCases) func `A file that is too large is 413, one of exactly the limit is not`(
        transport: Transport
    ) async throws {
        try await LiveServer.with { $0.http.mediaLimit = 5000 }.run(transport) { live in
            let ann = try await live.register("ann")
            _ = try ann.upload(Picture.png(1, size: 5000))
            let position = live.position
            for size in [5001, 50_000, 200_000, 2_000_000] {
                let answer = try ann.upload(form: MultipartForm("file", Picture.png(2, size: size)))
                #expect(answer.status == 413, "\(size)")
            }
            #expect(live.position == position)
        }
    }

    @Test(arguments: Transport.allCases) func `A method that is not allowed is 405 and says which are`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let position = live.position
            let allowed = [
                "/api/tweets": "GET, HEAD, POST, OPTIONS", "/api/tweets/1": "GET, HEAD, DELETE, OPTIONS",
                "/api/tweets/1/likes": "GET, HEAD, POST, DELETE, OPTIONS",
                "/api/tweets/1/replies": "GET, HEAD, OPTIONS",
                "/api/tweets/1/medias/2": "PUT, OPTIONS", "/api/medias": "POST, OPTIONS",
                "/api/users": "GET, HEAD, OPTIONS",
                "/api/users/me": "GET, HEAD, PATCH, OPTIONS", "/api/users/1": "GET, HEAD, OPTIONS",
                "/api/users/1/follow": "POST, DELETE, OPTIONS",
                "/api/users/1/tweets": "GET, HEAD, OPTIONS", "/api/users/1/followers": "GET, HEAD, OPTIONS",
                "/api/users/1/following": "GET, HEAD, OPTIONS", "/admin/accounts": "POST, OPTIONS",
                "/healthz": "GET, HEAD, OPTIONS",
                "/readyz": "GET, HEAD, OPTIONS", "/metrics": "GET, HEAD, OPTIONS",
                "/openapi.json": "GET, HEAD, OPTIONS", "/docs": "GET, HEAD, OPTIONS",
                "/": "GET, HEAD, OPTIONS", "/media/x": "GET, HEAD, OPTIONS",
            ]
            let methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW", "get"]
            for (target, list) in allowed {
                for method in methods where !list.split(separator: ", ").contains(Substring(method)) {
                    for client in [ann, live.stranger] {
                        let answer = try client.call(method, target)
                        #expect(answer.status == 405, "\(method) \(target)")
                        #expect(answer["Allow"] == list, "\(method) \(target)")
                    }
                }
            }
            #expect(live.position == position)
        }
    }

    @Test(arguments: Transport.allCases)
    func `A path that is unknown is 404, as JSON, with any method and without a key`(transport: Transport) async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let targets = [
                "/api", "/api/", "/api/x", "/api/tweets/1/x", "/api/tweets/1/likes/2", "/api/tweets/1/medias",
                "/api/tweets/1/medias/2/3", "/api/tweets/1/2/3/4/5/6/7", "/api/medias/1", "/api/users/1/x",
                "/api/users/me/follow/x", "/API/tweets", "/api//tweets", "/api/tweets/1/likes/", "//api/tweets",
                "/media", "/media/", "/media/x", "/media/x/y", "/admin", "/admin/", "/admin/accounts/1", "/x",
                "/healthz/x", "/docs/x", "/%61pi/x", "/api/%74weets/x/y",
            ]
            for target in targets {
                for method in ["GET", "HEAD"] {
                    for client in [ann, live.stranger] {
                        #expect(try client.call(method, target).status == 404, "\(method) \(target)")
                    }
                }
            }
            for method in ["POST", "DELETE", "PUT"] {
                #expect(try ann.call(method, "/api/x").status == 404)
            }
        }
    }
}
