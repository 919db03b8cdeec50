import TestSupport
import Testing
import Threads

@testable import HTTPServer

/// Connections of one loop, driven by events in random order: what must hold holds after each of them.
///
/// A failure names its seed.
struct RandomEventTests {
    private static let pieces = [
        "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", "GET /suspended HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /bytes?count=5000&account=1&address=2 HTTP/1.1\r\nHost: a\r\n\r\n",
        "HEAD /bytes?count=300 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", "hello",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "5;a=b\r\nhello\r\n",
        "0\r\nA: b\r\n\r\n",
        "POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n",
        "POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 500\r\n\r\n--b\r\n",
        "GET /silent HTTP/1.1\r\nHost: a\r\n\r\n", "GET /dropped HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /twice HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /file?path=/proc/self/stat&offset=0&length=2500000 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /hello HTTP/1.1\r\n\r\n", "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", "\r\n", "\r", "\n", "x", "GET /he", ": ",
        "0",
    ]

    @Test(arguments: 1...300 as ClosedRange<UInt64>)
    func `Whatever happens in whatever order, each connection keeps its promises`(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let loop = DrivenLoop { $0.answerMemory = 12_000 }
        var connections: [DrivenConnection] = []
        var suspended: [Suspension] = []
        for _ in 0..<200 {
            if connections.count < 5, random.oneIn(4) {
                let driven = DrivenConnection(on: loop, room: random.oneIn(2) ? .max : random.below(400))
                driven.output.takesFiles = random.oneIn(2)
                connections.append(driven)
            }
            guard !connections.isEmpty else { continue }
            step(connections[random.below(connections.count)], &suspended, &random)
            loop.runJobs()
            for driven in connections { driven.goOn() }
            for driven in connections { check(driven, seed) }
            #expect(loop.budget.count <= 12_000, "seed \(seed)")
            if random.oneIn(20) { connections.removeAll { $0.phase == .closed } }
        }
        // Time alone ends all of them.
        for _ in 0..<4 { loop.pass(400_000) }
        for driven in connections { #expect(driven.phase == .closed, "seed \(seed)") }
        #expect(loop.budget.count == 0, "seed \(seed)")
        #expect(loop.counters.connectionsOpen == 0, "seed \(seed)")
        for suspension in suspended { suspension.resume { $0.respond(Response(status: 200)) } }
        loop.runJobs()
    }

    private func step(_ driven: DrivenConnection, _ suspended: inout [Suspension], _ random: inout SplitMix64) {
        switch random.below(20) {
        case 0: driven.end()
        case 1: driven.loop.pass(UInt64(random.below(20_000)))
        case 2:
            driven.output.isBroken = true
            driven.connection.writeMore()
        case 3: driven.connection.close()
        case 4...8: driven.read(random.below(3000))
        case 9...11:
            if driven.loop.record.suspensions.count > 0 { suspended += driven.loop.record.suspensions.take() ?? [] }
            guard !suspended.isEmpty else { return }
            let suspension = suspended.remove(at: random.below(suspended.count))
            // Half of them are dropped.
            if random.oneIn(2) { suspension.resume { $0.respond(Response(status: 204)) } }
        default:
            let bytes = Array(
                (0...random.below(3)).map { _ in Self.pieces[random.below(Self.pieces.count)] }.joined().utf8)
            let place = random.below(bytes.count + 1)
            driven.send(Array(bytes[..<place]))
            if random.oneIn(3) { driven.send(Array(bytes[place...])) }
        }
    }

    private func check(_ driven: DrivenConnection, _ seed: UInt64) {
        let isClosed = driven.phase == .closed
        #expect(driven.output.isClosed == isClosed, "seed \(seed)")
        #expect(driven.output.isFinished == (driven.phase == .lingering) || isClosed, "seed \(seed)")
        #expect(
            driven.connection.hasOutput == (driven.phase == .response) || [.body, .discarding].contains(driven.phase),
            "seed \(seed)")
        #expect(!driven.connection.hasUsableInput, "seed \(seed)")
        if !isClosed {
            #expect(driven.loop.shared.deadlines.next(driven.loop.shared.limits) < .max, "seed \(seed)")
        }
    }
}
