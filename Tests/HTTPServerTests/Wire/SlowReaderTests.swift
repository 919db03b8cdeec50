import Testing

@testable import HTTPServer

/// Answers that their readers take slowly, and deadlines that nobody can stretch.
struct SlowReaderTests {
    @Test(arguments: [1, 2, 3, 7, 64, 100, 1000])
    func `Readers that take so many bytes at a time get the same`(_ count: Int) {
        let requests =
            "GET /bytes?count=3000 HTTP/1.1\r\nHost: a\r\n\r\nHEAD /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
            + "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello"
            + "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
        let quick = DrivenConnection()
        quick.send(requests)
        let slow = DrivenConnection(room: 0)
        slow.send(requests)
        var turns = 0
        while slow.phase != .lingering, turns < 10_000 {
            slow.read(count)
            turns += 1
        }
        #expect(quick.phase == .lingering)
        #expect(slow.phase == .lingering)
        #expect(slow.output.bytes == quick.output.bytes)
        #expect(slow.loop.budget.count == 0)
    }

    private func slowReader() -> DrivenConnection {
        let driven = DrivenConnection(room: 1000)
        driven.output.acknowledged = 50_000_000
        driven.send("GET /bytes?count=9000000 HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(driven.phase == .response)
        return driven
    }

    @Test func `What was acknowledged of earlier answers buys no time for this one`() {
        let driven = slowReader()
        driven.output.acknowledged = 50_001_000
        driven.loop.pass(60_000)
        #expect(driven.phase == .closed)
        #expect(driven.loop.counters.slowReaders == 1)
    }

    @Test func `A reader that keeps the minimum rate goes on, until it does not`() {
        let driven = slowReader()
        for span in 1...20 as ClosedRange<UInt64> {
            driven.output.acknowledged = 50_000_000 + span * 60 * 4096
            driven.loop.pass(60_000)
            #expect(driven.phase == .response)
        }
        driven.output.acknowledged! += 60 * 4096 - 1
        driven.loop.pass(60_000)
        #expect(driven.phase == .closed)
    }

    @Test func `A trickle stretches neither head nor body`() {
        for (start, drop, limit) in [
            ("GET /hello HTTP/1.1\r\n", "X: y\r\n", 10), ("GET /", "x", 10), ("\r\n", "\r\n", 10),
            ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n", "x", 30),
            ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", 30),
        ] {
            let driven = DrivenConnection()
            driven.send(start)
            var seconds = 0
            while driven.isOpen, seconds < 1000 {
                driven.send(drop)
                driven.loop.pass(1000)
                seconds += 1
            }
            #expect(seconds == limit, "\(start)")
        }
    }

    @Test func `A body that keeps the minimum rate is taken`() {
        let driven = DrivenConnection()
        driven.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
        for _ in 0..<8 {
            driven.send([UInt8](repeating: 0, count: 30 * 4096))
            driven.loop.pass(30_000)
            #expect(driven.phase == .body)
        }
        driven.send("x")
        driven.loop.pass(30_000)
        #expect(driven.phase == .lingering)
        #expect(driven.loop.counters.slowBodies == 1)
    }

    @Test func `A client that sends many requests at once takes turns with others`() {
        let loop = DrivenLoop()
        let connection = Connection(peer: .loopback, writer: BoundedWriter(room: .max), on: loop.shared)
        var bytes = Array(String(repeating: "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", count: 100).utf8)
        bytes.withUnsafeMutableBytes { connection.receive($0) }
        #expect(loop.record.handledCount == 8)
        #expect(connection.hasUsableInput)
        connection.close()
        loop.shared.closed = []
    }

    @Test func `A file takes turns with others`() {
        let loop = DrivenLoop()
        let writer = BoundedWriter(room: .max)
        writer.takesFiles = true
        let connection = Connection(peer: .loopback, writer: writer, on: loop.shared)
        var bytes = Array("GET /file?path=/proc/self/stat&offset=0&length=10000000 HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        bytes.withUnsafeMutableBytes { connection.receive($0) }
        var turns = 1
        while connection.wantsToWrite {
            #expect(connection.phase == .response)
            connection.writeMore()
            turns += 1
        }
        #expect(connection.phase == .idle)
        #expect(turns == 10)
        connection.close()
        loop.shared.closed = []
    }

    @Test func `Empty lines take no turns`() {
        let loop = DrivenLoop()
        let connection = Connection(peer: .loopback, writer: BoundedWriter(room: .max), on: loop.shared)
        var bytes = Array(String(repeating: "\r\n", count: 30_000).utf8)
        bytes.withUnsafeMutableBytes { connection.receive($0) }
        #expect(!connection.hasUsableInput)
        #expect(connection.phase == .opening)
        connection.close()
        loop.shared.closed = []
    }
}
