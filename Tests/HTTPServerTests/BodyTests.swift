import ContractChecks
import Testing

@testable import HTTPServer

struct BodyTests {
    @Test func `A body that breaks off is never handled`() throws {
        try TestServer.run { server in
            for request in [
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhello",
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
            ] {
                let halfClosed = try server.connect()
                try halfClosed.send(request)
                halfClosed.finishSending()
                _ = try halfClosed.readToEnd()
                let reset = try server.connect()
                try reset.send(request)
                reset.reset()
            }
            #expect(TestServer.wait { server.server.counters.connectionsOpen == 0 })
            #expect(server.record.handledCount == 0)
        }
    }

    /// Only in some of the tries does the end reach the server together with the bytes before it.
    @Test func `An end that comes with the last bytes is noticed`() throws {
        try TestServer.run { server in
            for request in [
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhello",
                "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", "GET /hello HTTP/1.1\r\nHo", "",
            ] {
                let clients = try (0..<100).map { _ in
                    let client = try server.connect()
                    try client.send(request)
                    client.finishSending()
                    return client
                }
                for client in clients { _ = try client.readToEnd() }
            }
            #expect(TestServer.wait { server.server.counters.connectionsOpen == 0 })
        }
    }

    @Test func `What follows a declared body is the next request`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nhelloGET / HTTP/1.1\r\n\r\n")
            #expect(try client.readResponse().text == "hel")
            #expect(try client.readResponse().status == 400)
        }
    }

    @Test func `A body of a GET is thrown away`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            try client.send(
                "GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nGET /GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
            )
            #expect(try client.readResponse().text == "hello")
            #expect(try client.readResponse().text == "hello")
        }
    }

    @Test func `A body in many pieces is put together`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            let body = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n")
            for start in stride(from: 0, to: body.count, by: 777) {
                try client.send(Array(body[start..<min(start + 777, body.count)]))
            }
            #expect(try client.readResponse().body == body)
        }
    }
}
