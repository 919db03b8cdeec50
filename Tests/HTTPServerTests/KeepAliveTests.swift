import ContractChecks
import Testing
import Threads

@testable import HTTPServer

struct KeepAliveTests {
    @Test func `One connection answers many requests`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            for _ in 0..<100 {
                let response = try client.get("/hello")
                #expect(response.status == 200)
                #expect(response.text == "hello")
                #expect(response["Content-Type"] == "text/plain")
                #expect(response["Date"] != nil)
            }
            #expect(server.server.counters.connectionsAccepted == 1)
        }
    }

    @Test func `Requests sent at once are answered in order`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            var batch = ""
            for index in 0..<50 {
                let body = "number \(index)"
                batch += "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                batch += "GET /suspended HTTP/1.1\r\nHost: test\r\n\r\n"
            }
            try client.send(batch)
            for index in 0..<50 {
                #expect(try client.readResponse().text == "number \(index)")
                for suspension in try #require(server.record.suspensions.take()) {
                    suspension.resume { $0.respond(Response(status: 200, contentType: "text/plain", text: "late")) }
                }
                #expect(try client.readResponse().text == "late")
            }
        }
    }

    @Test func `Close is honoured`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            let response = try client.get("/hello", headers: "Connection: close\r\n")
            #expect(response["Connection"]?.lowercased() == "close")
            #expect(client.isClosedByServer())
        }
    }

    @Test func `HTTP version 1_0 closes unless asked otherwise`() throws {
        try TestServer.run { server in
            let closing = try server.connect()
            try closing.send("GET /hello HTTP/1.0\r\n\r\n")
            #expect(try closing.readResponse().text == "hello")
            #expect(closing.isClosedByServer())
            let staying = try server.connect()
            for _ in 0..<3 {
                try staying.send("GET /hello HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
                #expect(try staying.readResponse().text == "hello")
            }
        }
    }

    @Test func `HEAD has the length and no body`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            let response = try client.get("/bytes?count=70000", method: "HEAD")
            #expect(response.status == 200)
            #expect(response["Content-Length"] == "70000")
            #expect(try client.get("/hello").text == "hello")
        }
    }

    @Test func `A large answer comes whole`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            let response = try client.get("/bytes?count=5000000")
            #expect(response.body.count == 5_000_000)
            #expect(response.body[4_999_999] == UInt8(truncatingIfNeeded: 4_999_999))
            #expect(try client.get("/hello").text == "hello")
            #expect(server.server.counters.bodyBytes >= 5_000_000)
        }
    }
}
