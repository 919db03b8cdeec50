import ContractChecks
import Testing

@testable import HTTPServer

struct FramingTests {
    static let unsound = [
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /hello HTTP/1.1\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nhello",
        "GET /hello HTTP/1.1\r\nHo st: a\r\nHost: a\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nX-Name\u{B}: a\r\n\r\n",
        "GET /hello%00.html HTTP/1.1\r\nHost: a\r\n\r\n",
    ]

    @Test(arguments: unsound)
    func `Unsound framing is refused in the handler's form`(_ request: String) throws {
        try TestServer.run { server in
            let client = try server.connect()
            try client.send(request)
            let response = try client.readResponse()
            #expect(response.status == 400)
            #expect(response.text == "{\"error\":\"bad_request\"}")
            #expect(response["Connection"]?.lowercased() == "close")
            #expect(client.isClosedByServer())
            #expect(server.record.handledCount == 0)
        }
    }

    @Test(arguments: ["-5", "+5", "0x5", "5, 5", "5 5", "99999999999999999999999", "18446744073709551615", "abc", ""])
    func `A content length that is not a plain number is refused`(_ length: String) throws {
        try TestServer.run { server in
            let client = try server.connect()
            try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\nhello")
            #expect(try client.readResponse().status == 400)
            #expect(try client.readToEnd().isEmpty)
            #expect(server.record.handledCount == 0)
            #expect(try server.connect().get("/hello").status == 200)
        }
    }

    @Test func `A chunked body is taken`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            let head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
            for _ in 0..<3 {
                try client.send(head + "5\r\nhello\r\n6;note=1\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n")
                #expect(try client.readResponse().text == "hello world")
            }
        }
    }

    @Test func `A malformed chunk ends the connection`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n")
            #expect(try client.readResponse().status == 400)
            #expect(server.record.handledCount == 0)
        }
    }

    @Test func `A request of HTTP version 1_0 may lack its host`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            try client.send("GET /hello HTTP/1.0\r\n\r\n")
            #expect(try client.readResponse().status == 200)
        }
    }

    @Test func `A huge header is refused and the server goes on`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            try? client.send("GET /hello HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 100_000))\r\n\r\n")
            #expect(try client.readResponse().status == 431)
            #expect(try server.connect().get("/hello").text == "hello")
            #expect(TestServer.wait { server.server.counters.connectionsOpen == 0 })
        }
    }

    @Test(arguments: [
        "\r\n\r\n", "GET\r\n\r\n", "GET /hello\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\0\0\0", "GET / HTTP/9.9\r\n\r\n",
    ])
    func `Garbage harms nobody`(_ bytes: String) throws {
        try TestServer.run { server in
            let client = try server.connect()
            try client.send(bytes)
            client.finishSending()
            _ = try? client.readToEnd()
            #expect(try server.connect().get("/hello").text == "hello")
        }
    }
}
