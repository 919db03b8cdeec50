import ContractChecks
import Testing
import Threads

@testable import HTTPServer

struct ConcurrentServerTests {
    /// Answers batches of suspended requests from a thread of its own until the mailbox is closed.
    private func answer(_ suspensions: Mailbox<Suspension>) -> OwnedThread {
        OwnedThread(name: "answers") {
            while let batch = suspensions.take() {
                for suspension in batch {
                    suspension.resume { exchange in
                        var body = ResponseBuffer()
                        body.append(text: exchange.header("X-Name") ?? "-")
                        exchange.respond(Response(status: 200, contentType: "text/plain", body: body))
                    }
                }
            }
        }
    }

    @Test func `Requests are resumed from other threads under load`() throws {
        try TestServer.run {
            $0.loops = 2
        } _: { server in
            let answering = [answer(server.record.suspensions), answer(server.record.suspensions)]
            let failures = Guarded(0)
            let clients = (0..<8).map { number in
                OwnedThread(name: "client") {
                    do {
                        let client = try server.connect()
                        for turn in 0..<100 {
                            let name = "\(number).\(turn)"
                            let late = try client.get("/suspended", headers: "X-Name: \(name)\r\n")
                            let echo = try client.post("/echo", name)
                            if late.text != name || echo.text != name { failures.withLock { $0 += 1 } }
                        }
                    } catch {
                        failures.withLock { $0 += 1 }
                    }
                }
            }
            for client in clients { client.join() }
            server.record.suspensions.close()
            for thread in answering { thread.join() }
            #expect(failures.withLock { $0 } == 0)
            #expect(server.server.counters.requests == 1600)
            #expect(server.server.counters.successes == 1600)
        }
    }

    @Test func `Stopping while requests are under way answers them`() throws {
        for _ in 0..<5 {
            try TestServer.run {
                $0.loops = 2
                $0.stopDeadline = .seconds(20)
            } _: { server in
                let clients = try (0..<20).map { _ in try server.connect() }
                for client in clients { try client.send("GET /suspended HTTP/1.1\r\nHost: a\r\n\r\n") }
                #expect(TestServer.wait { server.record.suspensions.count == clients.count })
                let stopping = OwnedThread(name: "stop") { server.server.stop() }
                let answering = answer(server.record.suspensions)
                for client in clients {
                    #expect(try client.readResponse().status == 200)
                    #expect(client.isClosedByServer())
                }
                stopping.join()
                server.record.suspensions.close()
                answering.join()
            }
        }
    }

    @Test func `Work is posted to a loop from many threads`() throws {
        let loop = Guarded<LoopInbox?>(nil)
        let count = Guarded(0)
        let configuration = ServerConfiguration(address: try ListenAddress("127.0.0.1:0"))
        let record = TestRecord()
        let server = HTTPServer(configuration: configuration) { inbox in
            loop.withLock { $0 = inbox }
            return TestHandler(record)
        }
        try server.start()
        let inbox = try #require(loop.withLock { $0 })
        let threads = (0..<4).map { _ in
            OwnedThread(name: "posting") {
                for _ in 0..<1000 { inbox.post { count.withLock { $0 += 1 } } }
            }
        }
        for thread in threads { thread.join() }
        #expect(TestServer.wait { count.withLock { $0 } == 4000 })
        server.stop()
        #expect(!inbox.post {})
    }

    @Test func `Counters are read while they change`() throws {
        try TestServer.run { server in
            let isDone = Guarded(false)
            let reading = OwnedThread(name: "reading") {
                while !isDone.withLock({ $0 }) { _ = server.server.counters }
            }
            let client = try server.connect()
            for _ in 0..<200 { #expect(try client.get("/hello").status == 200) }
            isDone.withLock { $0 = true }
            reading.join()
            #expect(server.server.counters.requests == 200)
        }
    }

    @Test func `Loops cut off each other's slow readers, and all memory is given back`() throws {
        try TestServer.run {
            $0.loops = 2
            $0.answerMemory = 20_000_000
        } _: { server in
            var clients = try (0..<12).map { _ in
                let client = try RawClient(port: server.port, receiveBuffer: 4096)
                try client.send("GET /bytes?count=9000000 HTTP/1.1\r\nHost: a\r\n\r\n")
                return client
            }
            #expect(TestServer.wait { server.server.counters.requests == 12 })
            #expect(TestServer.wait { server.server.counters.budgetCloses >= 10 })
            #expect(server.server.counters.waitingBytes <= 20_000_000)
            clients.removeAll()
            #expect(TestServer.wait { server.server.counters.connectionsOpen == 0 })
            #expect(server.server.counters.waitingBytes == 0)
        }
    }
}
