import ContractChecks
import Testing
import Threads

@testable import HTTPServer

/// How connections end, and what of their answers is lost.
struct ClosingTests {
    @Test func `An answer that ends the connection arrives though the client has sent more`() throws {
        try TestServer.run { server in
            for _ in 0..<5 {
                let client = try RawClient(port: server.port, receiveBuffer: 8192)
                try client.send(
                    "GET /bytes?count=200000 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                        + String(repeating: "z", count: 300_000))
                #expect(try client.readResponse().body.count == 200_000)
                #expect(client.isClosedByServer())
            }
        }
    }

    @Test func `What the kernel holds for a reader who takes next to nothing is given up`() throws {
        try TestServer.run {
            $0.lingerTime = .milliseconds(300)
            $0.deadlines.minimumRate = 1_000_000
        } _: { server in
            let client = try RawClient(port: server.port, receiveBuffer: 4096)
            // All of it fits into the kernel's memory, so the server has nothing left to write.
            try client.send("GET /bytes?count=100000 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(TestServer.wait { server.server.counters.connectionsAccepted == 1 })
            #expect(TestServer.wait { server.server.counters.connectionsOpen == 0 })
            #expect(server.server.counters.slowReaders == 1)
            #expect(throws: RawClient.Failure.self) { _ = try client.readResponse() }
        }
    }

    @Test func `A reader slower than the minimum gives its place to a new connection`() throws {
        try TestServer.run {
            $0.connectionLimit = 2
            $0.deadlines.minimumRate = 1_000_000
        } _: { server in
            let slow = try (0..<2).map { _ in
                let client = try RawClient(port: server.port, receiveBuffer: 4096)
                try client.send("GET /bytes?count=9000000 HTTP/1.1\r\nHost: a\r\n\r\n")
                return client
            }
            #expect(TestServer.wait { server.server.counters.requests == 2 })
            let other = try RawClient(port: server.port, timeout: 60)
            try other.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try other.readResponse().text == "hello")
            #expect(server.server.counters.evictions == 1)
            #expect(slow.count == 2)
        }
    }

    @Test func `Who has hung up while its request waits gives its place to a new connection`() throws {
        try TestServer.run {
            $0.connectionLimit = 2
        } _: { server in
            let waiting = try server.connect()
            let gone = try server.connect()
            for client in [waiting, gone] { try client.send("GET /suspended HTTP/1.1\r\nHost: a\r\n\r\n") }
            var suspensions: [Suspension] = []
            while suspensions.count < 2, let more = server.record.suspensions.take() { suspensions += more }
            gone.finishSending()
            let other = try RawClient(port: server.port, timeout: 60)
            #expect(try other.get("/hello").text == "hello")
            #expect(server.server.counters.evictions == 1)
            // The one that has not hung up still gets its answer.
            for suspension in suspensions { suspension.resume { $0.respond(Response(status: 204)) } }
            #expect(try waiting.readResponse().status == 204)
        }
    }

    @Test func `Places for files are free again when nobody holds them`() {
        let places = FilePlaces(limit: 2)
        var held = [places.take(), places.take()]
        #expect(held.allSatisfy { $0 != nil })
        #expect(places.take() == nil)
        held.removeLast()
        #expect(places.take() != nil)
    }
}
