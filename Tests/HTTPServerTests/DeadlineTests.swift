import ContractChecks
import Testing
import Threads

@testable import HTTPServer

struct DeadlineTests {
    /// A trickle of bytes, each of which would reset an idle timer; ends when the server has closed.
    private func trickle(_ client: RawClient, _ text: String) -> Bool {
        for _ in 0..<2000 {
            guard (try? client.send(text)) != nil else { return true }
            if TestServer.wait(atMost: .milliseconds(100), until: { client.isHungUp }) { return true }
        }
        return false
    }

    private typealias Deadline = WritableKeyPath<ServerConfiguration.Deadlines, Duration>

    /// Shortens the deadline that a test is of. A client that is held up runs into no other one.
    private static func short(
        _ deadline: Deadline, _ limit: Duration = .milliseconds(300)
    ) -> (inout ServerConfiguration) -> Void {
        { configuration in
            let all: [Deadline] = [\.header, \.idle, \.body, \.response]
            for other in all { configuration.deadlines[keyPath: other] = .seconds(120) }
            configuration.deadlines[keyPath: deadline] = limit
            configuration.deadlines.minimumRate = 100_000
        }
    }

    @Test func `A slow header is cut off`() throws {
        try TestServer.run(Self.short(\.header, .seconds(1))) { server in
            let client = try server.connect()
            try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n")
            #expect(trickle(client, "X: y\r\n"))
            #expect(server.server.counters.deadlinesMissed == 1)
        }
    }

    @Test func `A slow request line is cut off`() throws {
        try TestServer.run(Self.short(\.header, .seconds(1))) { server in
            let client = try server.connect()
            try client.send("GET /")
            #expect(trickle(client, "x"))
            #expect(server.server.counters.deadlinesMissed == 1)
        }
    }

    @Test func `A connection without a request is cut off`() throws {
        try TestServer.run(Self.short(\.header)) { server in
            let client = try server.connect()
            #expect(client.isClosedByServer())
            #expect(TestServer.wait { server.server.counters.connectionsOpen == 0 })
        }
    }

    @Test func `A slow body is cut off`() throws {
        try TestServer.run(Self.short(\.body)) { server in
            let client = try server.connect()
            try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n")
            #expect(trickle(client, "xxxxx"))
            let upload = try server.connect()
            try upload.send("POST /upload HTTP/1.1\r\nHost: a\r\n\(UploadTests.type)Content-Length: 90000\r\n\r\n")
            #expect(trickle(upload, "xxxxx"))
            #expect(server.server.counters.deadlinesMissed == 2)
            #expect(server.record.handledCount == 0)
            #expect(TestServer.wait { server.record.cancelledCount == 1 })
        }
    }

    @Test func `A body that goes on fast enough is taken`() throws {
        try TestServer.run {
            Self.short(\.body, .seconds(1))(&$0)
            $0.deadlines.minimumRate = 1
        } _: { server in
            // A client that was held up was not fast enough.
            for _ in 0..<10 {
                let (isWhole, longestPause) = try sendThirtyBytes(server)
                if !isWhole, longestPause > .milliseconds(800) { continue }
                #expect(isWhole)
                return
            }
            Issue.record("the machine held the client up again and again")
        }
    }

    /// Sends a body over three seconds.
    ///
    /// - Returns: whether all of it was answered, and the longest time between two bytes.
    private func sendThirtyBytes(_ server: TestServer) throws -> (isWhole: Bool, longestPause: Duration) {
        let client = try server.connect()
        try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\n")
        var (last, longest) = (ContinuousClock.now, Duration.zero)
        for _ in 0..<30 {
            guard (try? client.send("x")) != nil else { return (false, longest) }
            let isCutOff = TestServer.wait(atMost: .milliseconds(100), until: { client.isHungUp })
            longest = max(longest, .now - last)
            last = .now
            if isCutOff { return (false, longest) }
        }
        return ((try? client.readResponse().body.count) == 30, longest)
    }

    @Test func `An idle connection is closed`() throws {
        try TestServer.run(Self.short(\.idle)) { server in
            let client = try server.connect()
            #expect(try client.get("/hello").status == 200)
            #expect(client.isClosedByServer())
            #expect(server.server.counters.deadlinesMissed == 0)
        }
    }

    @Test func `An answer that is not read is cut off`() throws {
        try TestServer.run(Self.short(\.response)) { server in
            let client = try RawClient(port: server.port, receiveBuffer: 4096)
            try client.send("GET /bytes?count=30000000 HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(TestServer.wait { server.server.counters.deadlinesMissed == 1 })
            #expect(TestServer.wait { server.server.counters.connectionsOpen == 0 })
        }
    }

    @Test func `An answer that is read slowly goes on`() throws {
        try TestServer.run {
            // Long enough that a busy machine lets the client read something within each span.
            $0.deadlines.response = .seconds(2)
            $0.deadlines.minimumRate = 1
        } _: { server in
            let client = try RawClient(port: server.port, receiveBuffer: 4096)
            try client.send("GET /bytes?count=4000000 HTTP/1.1\r\nHost: a\r\n\r\n")
            // Over more than two spans.
            for _ in 0..<25 {
                let closes = { server.server.counters.deadlinesMissed }
                #expect(!TestServer.wait(atMost: .milliseconds(200), until: { closes() > 0 }))
                try client.readMore()
            }
            #expect(try client.readResponse().body.count == 4_000_000)
        }
    }

    @Test func `A suspended request has no deadline`() throws {
        try TestServer.run {
            $0.deadlines.header = .seconds(2)
            $0.deadlines.body = .milliseconds(300)
            $0.deadlines.response = .milliseconds(300)
            $0.deadlines.idle = .milliseconds(300)
        } _: { server in
            let client = try server.connect()
            try client.send("GET /suspended HTTP/1.1\r\nHost: a\r\n\r\n")
            let suspension = try #require(server.record.suspensions.take()?.first)
            let idle = try server.connect()
            #expect(idle.isClosedByServer())
            suspension.resume { $0.respond(Response(status: 204)) }
            #expect(try client.readResponse().status == 204)
        }
    }

    @Test func `Handlers are called once a second`() throws {
        try TestServer.run { server in
            #expect(TestServer.wait { server.record.ticks.withLock { $0 } >= 2 })
        }
    }
}
