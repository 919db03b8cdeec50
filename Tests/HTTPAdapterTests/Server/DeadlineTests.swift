import Testing
import Threads

@testable import HTTPAdapter

struct DeadlineTests {
    /// A trickle of bytes, each of which would reset an idle timer; ends when the server has closed.
    private func trickle(_ client: RawClient, _ text: String) -> Bool {
        for _ in 0..<2000 {
            guard (try? client.send(text)) != nil else { return true }
            if TestServer.wait(atMost: .milliseconds(100), until: { client.isHungUp }) { return true }
        }
        return false
    }

    private static func short(_ configuration: inout ServerConfiguration) {
        configuration.deadlines.header = .milliseconds(300)
        configuration.deadlines.body = .milliseconds(300)
        configuration.deadlines.response = .milliseconds(300)
        configuration.deadlines.idle = .milliseconds(300)
        configuration.deadlines.minimumRate = 100_000
    }

    @Test func aSlowHeaderIsCutOff() throws {
        try TestServer.run(Self.short) { server in
            let client = try server.connect()
            try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n")
            #expect(trickle(client, "X: y\r\n"))
            #expect(server.server.counters.deadlineCloses == 1)
        }
    }

    @Test func aSlowRequestLineIsCutOff() throws {
        try TestServer.run(Self.short) { server in
            let client = try server.connect()
            try client.send("GET /")
            #expect(trickle(client, "x"))
            #expect(server.server.counters.deadlineCloses == 1)
        }
    }

    @Test func aConnectionWithoutARequestIsCutOff() throws {
        try TestServer.run(Self.short) { server in
            let client = try server.connect()
            #expect(client.isClosedByServer())
            #expect(TestServer.wait { server.server.counters.connectionsOpen == 0 })
        }
    }

    @Test func aSlowBodyIsCutOff() throws {
        try TestServer.run(Self.short) { server in
            let client = try server.connect()
            try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n")
            #expect(trickle(client, "xxxxx"))
            let upload = try server.connect()
            try upload.send("POST /upload HTTP/1.1\r\nHost: a\r\n\(UploadTests.type)Content-Length: 90000\r\n\r\n")
            #expect(trickle(upload, "xxxxx"))
            #expect(server.server.counters.deadlineCloses == 2)
            #expect(server.record.handledCount == 0)
            #expect(TestServer.wait { server.record.cancelledCount == 1 })
        }
    }

    @Test func aBodyThatGoesOnFastEnoughIsTaken() throws {
        try TestServer.run {
            Self.short(&$0)
            $0.deadlines.body = .seconds(1)
            $0.deadlines.minimumRate = 1
        } _: { server in
            let client = try server.connect()
            try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\n")
            for _ in 0..<30 {
                try client.send("x")
                #expect(!TestServer.wait(atMost: .milliseconds(100), until: { client.isHungUp }))
            }
            #expect(try client.readResponse().body.count == 30)
        }
    }

    @Test func anIdleConnectionIsClosed() throws {
        try TestServer.run(Self.short) { server in
            let client = try server.connect()
            #expect(try client.get("/hello").status == 200)
            #expect(client.isClosedByServer())
            #expect(server.server.counters.deadlineCloses == 0)
        }
    }

    @Test func anAnswerThatIsNotReadIsCutOff() throws {
        try TestServer.run(Self.short) { server in
            let client = try RawClient(port: server.port, receiveBuffer: 4096)
            try client.send("GET /bytes?count=30000000 HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(TestServer.wait { server.server.counters.deadlineCloses == 1 })
            #expect(TestServer.wait { server.server.counters.connectionsOpen == 0 })
        }
    }

    @Test func anAnswerThatIsReadSlowlyGoesOn() throws {
        try TestServer.run {
            // Long enough that a busy machine lets the client read something within each span.
            $0.deadlines.response = .seconds(2)
            $0.deadlines.minimumRate = 1
        } _: { server in
            let client = try RawClient(port: server.port, receiveBuffer: 4096)
            try client.send("GET /bytes?count=4000000 HTTP/1.1\r\nHost: a\r\n\r\n")
            // Over more than two spans.
            for _ in 0..<25 {
                let closes = { server.server.counters.deadlineCloses }
                #expect(!TestServer.wait(atMost: .milliseconds(200), until: { closes() > 0 }))
                try client.readMore()
            }
            #expect(try client.readResponse().body.count == 4_000_000)
        }
    }

    @Test func aSuspendedRequestHasNoDeadline() throws {
        try TestServer.run(Self.short) { server in
            let client = try server.connect()
            try client.send("GET /suspended HTTP/1.1\r\nHost: a\r\n\r\n")
            let suspension = try #require(server.record.suspensions.take()?.first)
            let idle = try server.connect()
            #expect(idle.isClosedByServer())
            suspension.resume { $0.respond(Response(status: 204)) }
            #expect(try client.readResponse().status == 204)
        }
    }

    @Test func handlersAreCalledOnceASecond() throws {
        try TestServer.run { server in
            #expect(TestServer.wait { server.record.ticks.withLock { $0 } >= 2 })
        }
    }
}
