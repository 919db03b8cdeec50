import ContractChecks
import Glibc
import Testing
import Threads

@testable import HTTPServer

@Suite(.serialized)
struct ManyConnectionsTests {
    @Test func `Others are answered beside many idle connections`() throws {
        _ = OpenFiles.raiseLimit()
        try TestServer.run {
            // A busy machine takes long to open so many.
            $0.deadlines.header = .seconds(120)
        } _: { server in
            let idle = try (0..<2500).map { number in
                let client = try server.connect()
                if number % 2 == 0 { try client.send("GET /hello HTTP/1.1\r\nHo") }
                return client
            }
            #expect(TestServer.wait { server.server.counters.connectionsOpen == 2500 })
            let busy = try server.connect()
            for _ in 0..<500 { #expect(try busy.get("/hello").status == 200) }
            for number in stride(from: 0, to: 2500, by: 50) {
                try idle[number].send("st: a\r\n\r\n")
                #expect(try idle[number].readResponse().status == 200)
            }
        }
    }

    /// The loop takes 256 events at once.
    @Test(arguments: [128, 255, 256, 257, 600])
    func `All are answered when so many are ready at once`(_ count: Int) throws {
        try TestServer.run { server in
            let clients = try (0..<count).map { _ in try server.connect() }
            for client in clients { #expect(try client.get("/hello").status == 200) }
            for _ in 0..<3 {
                let blocking = try server.connect()
                try blocking.send("GET /blocked HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = server.record.isBlocked.take()
                for client in clients { try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n") }
                server.record.unblock.put(true)
                for client in clients { #expect(try client.readResponse().text == "hello") }
                #expect(try blocking.readResponse().status == 204)
            }
        }
    }

    @Test func `At the limit a new connection takes the place of the one that idles longest, and of no other`() throws {
        try TestServer.run {
            $0.connectionLimit = 4
        } _: { server in
            let clients = try (0..<4).map { _ in try server.connect() }
            for client in clients { #expect(try client.get("/hello").status == 200) }
            let one = try server.connect()
            #expect(try one.get("/hello").status == 200)
            #expect(clients[0].isClosedByServer())
            #expect(server.server.counters.evictions == 1)
            for client in clients[1...] + [one] { #expect(try client.get("/hello").status == 200) }
        }
    }

    @Test func `Above the limit connections wait their turn`() throws {
        try TestServer.run {
            $0.connectionLimit = 4
        } _: { server in
            var clients = try (0..<4).map { _ in try server.connect() }
            for client in clients { #expect(try client.get("/hello").status == 200) }
            let waiting = try server.connect()
            try waiting.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(server.server.counters.connectionsOpen == 4)
            clients.removeLast()
            #expect(try waiting.readResponse().status == 200)
        }
    }

    @Test func `Those that are silent or slow give way to others when no place is left`() throws {
        try TestServer.run {
            $0.connectionLimit = 8
            $0.deadlines.header = .seconds(600)
        } _: { server in
            let slow = try (0..<8).map { number in
                let client = try server.connect()
                if number % 2 == 0 { try client.send("GET /hello HTTP/1.1\r\nHo") }
                return client
            }
            #expect(TestServer.wait { server.server.counters.connectionsOpen == 8 })
            // Their requests are all under way at once.
            let others = try (0..<8).map { _ in try server.connect() }
            for other in others { try other.send("GET /suspended HTTP/1.1\r\nHost: a\r\n\r\n") }
            var suspensions: [Suspension] = []
            while suspensions.count < 8, let more = server.record.suspensions.take() { suspensions += more }
            for suspension in suspensions { suspension.resume { $0.respond(Response(status: 204)) } }
            for other in others { #expect(try other.readResponse().status == 204) }
            for (number, client) in slow.enumerated() {
                if number % 2 == 0 { #expect(try client.readResponse().status == 408) }
                #expect(client.isClosedByServer())
            }
            #expect(server.server.counters.evictions == 8)
        }
    }
}
