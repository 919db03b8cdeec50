import ContractChecks
import Glibc
import LocalSockets
import TestSupport
import Testing
import Threads

@testable import HTTPServer

/// A server with a Unix socket beside its port.
@Suite struct LocalConnectionTests {
    private struct Place {
        let server: TestServer
        let path: String

        var isThere: Bool { access(path, F_OK) == 0 }

        func connect() throws -> RawClient { try RawClient(path: path) }
    }

    /// A request whose body is not in, so that its connection keeps its place.
    private static let half = "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nhe"

    private static func run(
        _ change: (inout ServerConfiguration) -> Void = { _ in }, _ body: (Place) throws -> Void
    ) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/control.sock"
            try TestServer.run(change, local: LocalListener(at: path)) { try body(Place(server: $0, path: path)) }
            #expect(access(path, F_OK) != 0)
        }
    }

    @Test(arguments: [1, 3]) func `The same server answers, and knows where a request came from`(loops: Int) throws {
        try Self.run {
            $0.loops = loops
        } _: { place in
            let client = try place.connect()
            #expect(try client.get("/peer").text == "local")
            #expect(try place.server.connect().get("/peer").text == "127.0.0.1")
            #expect(try client.get("/hello").text == "hello")
            #expect(place.server.server.counters.connectionsAccepted == 2)
            #expect(place.server.server.counters.requests == 3)
        }
    }

    @Test func `Long bodies and long answers go through`() throws {
        try Self.run { place in
            let client = try place.connect()
            let body = [UInt8](repeating: 7, count: 100_000)
            try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n")
            try client.send(body)
            #expect(try client.readResponse().body == body)
            #expect(try client.get("/bytes?count=5000000").body.count == 5_000_000)
            try client.send("GET /suspended HTTP/1.1\r\nHost: a\r\n\r\n")
            try #require(place.server.record.suspensions.take()?.first).resume {
                $0.respond(Response(status: 201, contentType: "text/plain", text: "late"))
            }
            #expect(try client.readResponse().status == 201)
        }
    }

    @Test func `It has places of its own when all others are taken`() throws {
        try Self.run {
            $0.connectionLimit = 2
        } _: { place in
            let busy = try (0..<2).map { _ in
                let client = try place.server.connect()
                try client.send(Self.half)
                return client
            }
            #expect(TestServer.wait { place.server.server.counters.requests == 2 })
            let waiting = try place.server.connect()
            try waiting.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(TestServer.wait { place.server.server.counters.acceptPauses > 0 })
            #expect(try place.connect().get("/hello").status == 200)
            // An idle connection over the Unix socket is none that could make room for the port.
            let idle = try place.connect()
            #expect(try idle.get("/hello").status == 200)
            // The loop looks for places again after a while.
            usleep(300_000)
            try busy[0].send("lo")
            #expect(try busy[0].readResponse().status == 200)
            #expect(try waiting.readResponse().status == 200)
            #expect(try idle.get("/hello").status == 200)
            // The one that was answered gave its place, and no other.
            #expect(place.server.server.counters.evictions <= 1)
        }
    }

    @Test func `When its places are taken the first that idles makes room, and no other`() throws {
        try Self.run { place in
            let others = try (0..<3).map { _ in try place.server.connect() }
            for client in others { #expect(try client.get("/hello").status == 200) }
            let clients = try (0..<HTTPServer.localConnectionLimit).map { _ in try place.connect() }
            for client in clients { #expect(try client.get("/hello").status == 200) }
            let one = try place.connect()
            #expect(try one.get("/hello").status == 200)
            #expect(clients[0].isClosedByServer())
            #expect(place.server.server.counters.evictions == 1)
            for client in others + clients[1...] { #expect(try client.get("/hello").status == 200) }
        }
    }

    @Test func `When none idles a new one waits for its turn`() throws {
        try Self.run { place in
            var clients = try (0..<HTTPServer.localConnectionLimit).map { _ in
                let client = try place.connect()
                try client.send(Self.half)
                return client
            }
            #expect(TestServer.wait { place.server.server.counters.requests == clients.count })
            let waiting = try place.connect()
            try waiting.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(TestServer.wait { place.server.server.counters.acceptPauses > 0 })
            #expect(try place.server.connect().get("/hello").status == 200)
            clients.removeLast()
            #expect(try waiting.readResponse().status == 200)
        }
    }

    @Test func `At the stop what is under way is answered, and the file is gone first`() throws {
        try Self.run {
            $0.stopDeadline = .seconds(60)
        } _: { place in
            let idle = try place.connect()
            #expect(try idle.get("/hello").status == 200)
            let client = try place.connect()
            try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello")
            #expect(TestServer.wait { place.server.server.counters.requests == 2 })
            let stopping = OwnedThread(name: "stop") { place.server.server.stop() }
            #expect(TestServer.wait { !place.isThere })
            #expect(idle.isClosedByServer())
            try client.send("world")
            let response = try client.readResponse()
            #expect(response.text == "helloworld")
            #expect(response["Connection"]?.lowercased() == "close")
            stopping.join()
        }
    }

    @Test func `A server that cannot start leaves no socket`() throws {
        try TestServer.run { first in
            try withTemporaryDirectory { directory in
                let path = directory + "/control.sock"
                let address = try ListenAddress("127.0.0.1:\(first.port)")
                let second = HTTPServer(configuration: ServerConfiguration(address: address)) { _ in
                    TestHandler(TestRecord())
                }
                let listener = try LocalListener(at: path)
                #expect(throws: HTTPServerError.self) { try second.start(local: listener) }
                #expect(access(path, F_OK) != 0)
            }
        }
    }
}
