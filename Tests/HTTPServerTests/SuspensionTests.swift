import ContractChecks
import Testing
import Threads

@testable import HTTPServer

struct SuspensionTests {
    @Test func `A suspended request is answered later`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            try client.send("GET /suspended HTTP/1.1\r\nHost: a\r\n\r\n")
            let suspension = try #require(server.record.suspensions.take()?.first)
            #expect(try server.connect().get("/hello").status == 200)
            suspension.resume { exchange in
                exchange.respond(Response(status: 201, contentType: "text/plain", text: "late"))
            }
            #expect(try client.readResponse().text == "late")
            #expect(try client.get("/hello").status == 200)
        }
    }

    @Test func `A request may be suspended again`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            for _ in 0..<10 { #expect(try client.get("/twice").text == "twice") }
        }
    }

    @Test func `A dropped suspension gets 500`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            #expect(try client.get("/dropped").status == 500)
            #expect(try client.get("/hello").status == 200)
        }
    }

    @Test func `A client that leaves meanwhile harms nobody`() throws {
        try TestServer.run { server in
            for isReset in [true, false] {
                var client: RawClient? = try server.connect()
                try client?.send("GET /suspended HTTP/1.1\r\nHost: a\r\n\r\n")
                let suspension = try #require(server.record.suspensions.take()?.first)
                if isReset { client?.reset() }
                client = nil
                #expect(try server.connect().get("/hello").status == 200)
                suspension.resume { $0.respond(Response(status: 200, contentType: "text/plain", text: "late")) }
                #expect(try server.connect().get("/hello").status == 200)
            }
            #expect(TestServer.wait { server.server.counters.connectionsOpen == 0 })
        }
    }
}
