import ContractChecks
import Testing

@testable import HTTPAdapter

/// Header lines by which browsers keep from doing more with an answer than was meant.
@Suite struct BrowserHeaderTests {
    @Test(arguments: Transport.allCases) func `JSON is nothing else, and is not kept`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live throws in
            let ann = try await live.register("ann")
            let answers = [
                try ann.get("/api/tweets"), try ann.get("/api/users/me"), try ann.call("HEAD", "/api/users/me"),
                try ann.post("/api/tweets", "{\"tweet_data\":\"x\"}"), try ann.delete("/api/tweets/1/likes"),
                try ann.get("/api/x"), try ann.put("/api/tweets"), try ann.post("/api/tweets", "{"),
                try live.stranger.get("/api/tweets"), try live.stranger.get("/healthz"), try live.stranger.get("/x"),
                try live.stranger.get("/metrics"),
            ]
            for answer in answers {
                #expect(answer["X-Content-Type-Options"] == "nosniff")
                #expect(answer["Cache-Control"] == "no-store")
                #expect(answer.headers.count { $0.name.lowercased() == "content-type" } == 1)
            }
        }
    }

    @Test(arguments: Transport.allCases) func `An uploaded file can do nothing in our name`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live throws in
            let ann = try await live.register("ann")
            let tweet = try ann.tweet("x", media: [try ann.upload(Picture.png(1))])
            let path = try #require(ann.read(tweet)["attachments"]?[0]?.string)
            for headers in ["", "Range: bytes=0-1\r\n", "If-None-Match: *\r\n"] {
                for method in ["GET", "HEAD"] {
                    let answer = try live.stranger.call(method, path, headers: headers)
                    let policy = try #require(answer["Content-Security-Policy"])
                    #expect(policy.hasPrefix("default-src 'none'; ") && policy.hasSuffix("; sandbox"))
                    #expect(answer["X-Content-Type-Options"] == "nosniff")
                    #expect(answer["Cache-Control"] == "public, max-age=31536000, immutable")
                    #expect(answer["Content-Disposition"] == nil)
                }
            }
        }
    }

    @Test(arguments: Transport.allCases) func `A body in a coding that is not known is 415, on routes that take one`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live throws in
            let ann = try await live.register("ann")
            let position = live.position
            let body = "{\"tweet_data\":\"x\"}"
            for coding in ["gzip", "deflate", "br", "x", "identity, gzip", "gzip, identity", "GZIP"] {
                let line = "Content-Encoding: \(coding)\r\n"
                let form = MultipartForm("file", Picture.png(1))
                for answer in [
                    try ann.post("/api/tweets", body, headers: line), try ann.upload(form: form, headers: line),
                    try ann.call("PATCH", "/api/users/me", body: Array("{\"name\":\"x\"}".utf8), headers: line),
                ] {
                    #expect(answer.status == 415, "\(coding)")
                    #expect(answer.errorType == "unsupported_content_encoding")
                    #expect(answer["Accept-Encoding"] == "identity")
                }
                #expect(try live.stranger.post("/api/tweets", body, headers: line).status == 401)
                #expect(try ann.get("/api/tweets", headers: line).status == 200)
            }
            #expect(live.position == position)
            for coding in ["identity", "Identity", "", "identity, identity"] {
                #expect(try ann.post("/api/tweets", body, headers: "Content-Encoding: \(coding)\r\n").status == 201)
            }
        }
    }

    @Test(arguments: Transport.allCases) func `HEAD has the header of GET`(transport: Transport) async throws {
        let settings = try LiveServer.with { $0.http.allowedOrigins = AllowedOrigins("https://a.example") }
        try await settings.run(transport) { live throws in
            let ann = try await live.register("ann")
            let tweet = try ann.tweet("x", media: [try ann.upload(Picture.png(1))])
            let media = try #require(ann.read(tweet)["attachments"]?[0]?.string)
            for path in ["/api/tweets", "/api/x", "/docs", "/openapi.json", "/metrics", "/healthz", media, "/"] {
                for headers in ["", "Origin: https://a.example\r\nAccept-Encoding: gzip\r\n"] {
                    let get = try ann.get(path, headers: headers)
                    let head = try ann.call("HEAD", path, headers: headers)
                    func lines(_ answer: Answer) -> [String] {
                        // Numbers of connections and requests grow, and so may the length of the metrics.
                        answer.headers.filter {
                            $0.name != "Date" && (path != "/metrics" || $0.name != "Content-Length")
                        }
                        .map { "\($0.name): \($0.value)" }.sorted()
                    }
                    #expect(lines(head) == lines(get), "\(path)")
                    #expect(head.status == get.status && head.body.isEmpty)
                }
            }
        }
    }
}
