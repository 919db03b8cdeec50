import ContractChecks
import Testing
import Threads

@testable import HTTPServer

struct StopTests {
    @Test func `Idle connections are closed at once`() throws {
        try TestServer.run {
            $0.stopDeadline = .seconds(60)
        } _: { server in
            let used = try server.connect()
            #expect(try used.get("/hello").status == 200)
            let unused = try server.connect()
            #expect(TestServer.wait { server.server.counters.connectionsOpen == 2 })
            server.server.stop()
            #expect(used.isClosedByServer())
            #expect(unused.isClosedByServer())
            // A child that another test begins just now keeps the socket open until it becomes its program.
            #expect(TestServer.wait { (try? server.connect()) == nil })
        }
    }

    /// The loop is held up while the requests and the order to stop come in.
    @Test(arguments: [true, false])
    func `A request that came in before the server knew is answered`(_ comesFirst: Bool) throws {
        try TestServer.run {
            $0.stopDeadline = .seconds(60)
        } _: { server in
            let used = try server.connect()
            #expect(try used.get("/hello").status == 200)
            let blocking = try server.connect()
            try blocking.send("GET /blocked HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = server.record.isBlocked.take()
            let new = try server.connect()
            let request = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
            if comesFirst { for client in [used, new] { try client.send(request) } }
            let stopping = OwnedThread(name: "stop") { server.server.stop() }
            _ = TestServer.wait(atMost: .milliseconds(200)) { false }
            if !comesFirst { for client in [used, new] { try client.send(request) } }
            server.record.unblock.put(true)
            for client in [used, new] {
                let response = try client.readResponse()
                #expect(response.text == "hello")
                #expect(response["Connection"]?.lowercased() == "close" || comesFirst)
                client.reset()
            }
            blocking.reset()
            stopping.join()
        }
    }

    @Test func `A body under way is received and answered`() throws {
        try TestServer.run {
            $0.stopDeadline = .seconds(60)
        } _: { server in
            let client = try server.connect()
            try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello")
            #expect(TestServer.wait { server.server.counters.requests == 1 })
            let stopping = OwnedThread(name: "stop") { server.server.stop() }
            #expect(TestServer.wait { (try? server.connect()) == nil })
            try client.send("world")
            let response = try client.readResponse()
            #expect(response.text == "helloworld")
            #expect(response["Connection"]?.lowercased() == "close")
            stopping.join()
        }
    }

    @Test func `What is not answered in time is cut off`() throws {
        try TestServer.run {
            $0.stopDeadline = .milliseconds(100)
        } _: { server in
            let suspended = try server.connect()
            try suspended.send("GET /suspended HTTP/1.1\r\nHost: a\r\n\r\n")
            let suspension = try #require(server.record.suspensions.take()?.first)
            let uploading = try server.connect()
            try uploading.send("POST /upload HTTP/1.1\r\nHost: a\r\n\(UploadTests.type)Content-Length: 99\r\n\r\n")
            #expect(TestServer.wait { server.server.counters.requests == 2 })
            server.server.stop()
            #expect(suspended.isClosedByServer())
            #expect(try uploading.readResponse().status == 503)
            #expect(uploading.isClosedByServer())
            #expect(server.record.cancelledCount == 1)
            #expect(server.server.counters.connectionsOpen == 0)
            suspension.resume { $0.respond(Response(status: 200)) }
        }
    }

    @Test func `Stopping twice or unstarted is harmless`() throws {
        try TestServer.run { server in
            server.server.stop()
            server.server.stop()
            #expect(throws: HTTPServerError.startedTwice) { try server.server.start() }
        }
        let configuration = ServerConfiguration(address: try ListenAddress("127.0.0.1:0"))
        HTTPServer(configuration: configuration) { _ in TestHandler(TestRecord()) }.stop()
    }
}
