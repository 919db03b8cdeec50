import APIDocuments
import ContractChecks
import Testing

@testable import HTTPAdapter

@Suite struct DocumentTests {
    private static let paths = ["/openapi.json", "/docs"]

    @Test(arguments: Transport.allCases) func `A document is sent compressed to who accepts that`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live throws in
            for path in Self.paths {
                let plain = try live.stranger.get(path)
                #expect(plain.status == 200)
                #expect(plain.body == (path == "/docs" ? APIDocuments.page : APIDocuments.description))
                #expect(plain["Content-Encoding"] == nil)
                let packed = try live.stranger.get(path, headers: "Accept-Encoding: br, gzip;q=0.8\r\n")
                #expect(packed.status == 200)
                #expect(packed["Content-Encoding"] == "gzip")
                #expect(packed.body.starts(with: [0x1f, 0x8b, 8]))
                #expect(packed.body.count < plain.body.count / 2)
                #expect(packed["ETag"] != plain["ETag"])
                for answer in [plain, packed] {
                    #expect(answer["Vary"] == "Accept-Encoding")
                    #expect(answer["Cache-Control"] == "no-cache")
                    #expect(answer["X-Content-Type-Options"] == "nosniff")
                    #expect(answer["Content-Length"] == "\(answer.body.count)")
                }
                #expect(try live.stranger.get(path, headers: "Accept-Encoding: gzip;q=0\r\n").body == plain.body)
                let neither = try live.stranger.get(path, headers: "Accept-Encoding: identity;q=0\r\n")
                #expect(neither.status == 406)
                #expect(neither.errorType == "not_acceptable")
            }
        }
    }

    @Test(arguments: Transport.allCases) func `Who has the document is told so`(transport: Transport) async throws {
        try await LiveServer.run(transport) { live throws in
            for path in Self.paths {
                for coding in ["", "Accept-Encoding: gzip\r\n"] {
                    let whole = try live.stranger.call("HEAD", path, headers: coding)
                    let tag = try #require(whole["ETag"])
                    for tags in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                        let lines = "\(coding)If-None-Match: \(tags)\r\n"
                        for method in ["GET", "HEAD"] {
                            let answer = try live.stranger.call(method, path, headers: lines)
                            #expect(answer.status == 304, "\(tags)")
                            #expect(answer.body.isEmpty)
                            #expect(answer["ETag"] == tag)
                            #expect(answer["Vary"] == "Accept-Encoding")
                            #expect(answer["Cache-Control"] == "no-cache")
                        }
                    }
                    let other = try live.stranger.call("HEAD", path, headers: "\(coding)If-None-Match: \"other\"\r\n")
                    #expect(other.status == 200)
                }
                // Each form has a tag of its own.
                let plain = try #require(live.stranger.call("HEAD", path)["ETag"])
                let lines = "Accept-Encoding: gzip\r\nIf-None-Match: \(plain)\r\n"
                #expect(try live.stranger.call("HEAD", path, headers: lines).status == 200)
            }
        }
    }

    @Test(arguments: Transport.allCases) func `The page may run its own script and style, and nothing else`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live throws in
            let page = try live.stranger.get("/docs")
            let policy = try #require(page["Content-Security-Policy"])
            #expect(policy.hasPrefix("default-src 'none'; script-src 'sha256-"))
            #expect(policy.contains("frame-ancestors 'none'"))
            #expect(!policy.contains("unsafe"))
            #expect(page["Referrer-Policy"] == "no-referrer")
            // A style in an attribute, or a script in one, would be blocked.
            #expect(!page.text.contains(" style=") && !page.text.contains("style: \""))
            #expect(!page.text.contains(" onclick=") && !page.text.contains("javascript:"))
            #expect(page.text.split(separator: "<script").count == 2)
            #expect(page.text.split(separator: "<style").count == 2)
        }
    }
}
