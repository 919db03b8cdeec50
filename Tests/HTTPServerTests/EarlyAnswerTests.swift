import ContractChecks
import Testing

@testable import HTTPServer

struct EarlyAnswerTests {
    @Test func `A refused request with a small body keeps the connection`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            for _ in 0..<3 {
                let response = try client.post("/refused", String(repeating: "x", count: 200_000))
                #expect(response.status == 401)
                #expect(response["Connection"] == nil)
            }
            #expect(try client.get("/refused").status == 401)
            #expect(try client.get("/hello").status == 200)
        }
    }

    @Test func `A refused request with a huge body is answered before the body is read`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            try client.send("POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n")
            try client.send([UInt8](repeating: 0, count: 300_000))
            let response = try client.readResponse()
            #expect(response.status == 401)
            #expect(response["Connection"]?.lowercased() == "close")
        }
    }

    @Test func `A client that sends all before it reads gets the answer`() throws {
        try TestServer.run {
            // So much takes longer than usual on a busy machine.
            $0.lingerTime = .seconds(60)
        } _: { server in
            for _ in 0..<5 {
                let client = try server.connect()
                try client.send("POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n")
                try client.send([UInt8](repeating: 0, count: 20_000_000))
                #expect(try client.readResponse().status == 401)
                #expect(client.isClosedByServer())
            }
        }
    }

    @Test func `A body declared too long is refused at once`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n")
            let response = try client.readResponse()
            #expect(response.status == 413)
            #expect(response.text == "{\"error\":\"payload_too_large\"}")
            #expect(server.record.handledCount == 0)
        }
    }

    @Test func `The limit itself is allowed`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            #expect(try client.post("/echo", [UInt8](repeating: 7, count: 100_000)).body.count == 100_000)
            #expect(try client.post("/echo", [UInt8](repeating: 7, count: 100_001)).status == 413)
            #expect(try client.get("/hello").status == 200)
        }
    }

    @Test func `A chunked body above the limit is refused`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "8000\r\n" + String(repeating: "x", count: 0x8000) + "\r\n"
            for _ in 0..<4 { try client.send(chunk) }
            try client.send("0\r\n\r\n")
            #expect(try client.readResponse().status == 413)
            #expect(server.record.handledCount == 0)
            #expect(try client.get("/hello").status == 200)
        }
    }

    @Test func `An endless chunked body is answered in the middle`() throws {
        try TestServer.run { server in
            for path in ["/echo", "/refused", "/hello", "/upload"] {
                let client = try server.connect()
                try client.send("POST \(path) HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                let chunk = "10000\r\n" + String(repeating: "x", count: 0x10000) + "\r\n"
                for _ in 0..<60 { try client.send(chunk) }
                let response = try client.readResponse()
                #expect(response.status == (path == "/refused" ? 401 : 413))
                #expect(response.text.hasPrefix("{\"error\":\""))
                #expect(client.isClosedByServer())
            }
            #expect(server.record.handledCount == 0)
        }
    }

    @Test func `Leave to send is given when the body is wanted`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
            #expect(try client.readResponse().status == 100)
            try client.send("hello")
            #expect(try client.readResponse().text == "hello")
            #expect(try client.get("/hello").status == 200)
        }
    }

    @Test(arguments: ["/refused", "/echo"])
    func `Leave to send is not given when the answer is known`(_ path: String) throws {
        try TestServer.run { server in
            let client = try server.connect()
            try client.send(
                "POST \(path) HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 200000\r\n\r\n")
            #expect(try client.readResponse().status == (path == "/refused" ? 401 : 413))
            #expect(client.isClosedByServer())
        }
    }

    @Test func `An unanswered request gets 500`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            #expect(try client.get("/silent").status == 500)
            #expect(try client.get("/hello").status == 200)
            #expect(server.server.counters.serverErrors == 1)
        }
    }
}
