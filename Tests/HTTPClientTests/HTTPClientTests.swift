import ContractChecks
import HTTPClient
import TestSupport
import Testing

@Suite struct HTTPClientTests {
    private func client(_ server: OneAnswerServer, path: String = "") throws -> HTTPClient {
        let address = try #require(ServerAddress("http://127.0.0.1:\(server.port)\(path)"))
        return HTTPClient(address, key: "some-key", agent: "martlet/test")
    }

    @Test func `an address has a scheme and a host, and nothing that cannot be meant`() {
        for (text, address) in [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("https://birds.example.org/", "https://birds.example.org"),
            ("http://[::1]:8080/", "http://[::1]:8080"),
            ("HTTP://Birds.example/api-of/x/", "http://Birds.example/api-of/x"),
        ] {
            #expect(ServerAddress(text)?.description == address)
        }
        for text in [
            "", "127.0.0.1:8080", "birds.example.org", "ftp://birds.example.org", "http://",
            "file:///etc/passwd",
            "http://me@birds.example.org", "http://birds.example.org/?a=b", "http://birds.example.org/#a",
            "http://birds.example.org:99999", "http://a b",
        ] {
            #expect(ServerAddress(text) == nil, "\(text)")
        }
    }

    @Test func `a request carries the key, and an answer is its status and body`() async throws {
        try await BlockingThreads.run {
            let server = OneAnswerServer("HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
            let client = try client(server, path: "/birds/")
            for method in [HTTPClient.Method.post, .get, .post] {
                let answer = try client.send(method, "/admin/replay")
                #expect(answer.status == 202)
                #expect(answer.body == Array("{}".utf8))
            }
            let lines = server.requests.map { $0.split(separator: "\r\n").map { String($0) } }
            #expect(
                lines.map(\.first) == [
                    "POST /birds/admin/replay HTTP/1.1", "GET /birds/admin/replay HTTP/1.1",
                    "POST /birds/admin/replay HTTP/1.1",
                ])
            for (index, lines) in lines.enumerated() {
                #expect(lines.contains("api-key: some-key"))
                #expect(lines.contains("User-Agent: martlet/test"))
                #expect(lines.contains("Content-Length: 0") == (index != 1))
            }
        }
    }

    @Test func `a redirection is not followed, so that the key goes nowhere else`() async throws {
        try await BlockingThreads.run {
            let other = OneAnswerServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            let server = OneAnswerServer(
                "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:\(other.port)/\r\nContent-Length: 0\r\n"
                    + "Connection: close\r\n\r\n")
            let answer = try client(server).send(.get, "/")
            #expect(answer.status == 301)
            #expect(other.requests == [])
        }
    }

    @Test func `what does not come, ends early or never ends is an error that names the address`() async throws {
        try await BlockingThreads.run {
            let closed = try #require(ServerAddress("http://127.0.0.1:1"))
            let refused = #expect(throws: HTTPClientError.self) {
                try HTTPClient(closed, key: "k", agent: "a").send(.get, "/admin/projectors")
            }
            #expect(refused?.description.hasPrefix("cannot reach http://127.0.0.1:1/admin/projectors: ") == true)
            for answer in [
                "", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", "SSH-2.0-OpenSSH\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + String(repeating: "x", count: 3_000_000),
            ] {
                let server = OneAnswerServer(answer)
                let error = #expect(throws: HTTPClientError.self) { try client(server).send(.get, "/") }
                #expect(error?.url == "http://127.0.0.1:\(server.port)/")
                #expect(error?.reason.isEmpty == false)
            }
        }
    }
}
