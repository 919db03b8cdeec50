import Testing

@testable import HTTPServer

/// The table of the state machine: each phase, each event, and what follows.
struct ConnectionPhaseTests {
    enum Event: String, CaseIterable {
        case bytes, end, room, expiry, place, answer, cutOff, failure
    }

    /// What follows each event: the phase, and the status of the answer that the event brought about.
    private static let table: [ConnectionPhase: [Event: String]] = [
        .opening: [.bytes: "header", .end: "closed", .expiry: "closed", .place: "closed"],
        .idle: [.bytes: "header", .end: "closed", .expiry: "closed", .place: "closed"],
        .header: [.end: "closed 400", .expiry: "lingering 408", .place: "closed 408"],
        .body: [.end: "closed 400", .expiry: "lingering 408"],
        .discarding: [.end: "closed 400", .expiry: "lingering 408", .place: "closed 408"],
        .suspended: [.expiry: "lingering 503", .answer: "idle 200"],
        .response: [.room: "idle 200", .expiry: "closed", .place: "closed", .cutOff: "closed", .failure: "closed"],
        .lingering: [.end: "closed", .expiry: "closed", .place: "closed"],
        .closed: [:],
    ]

    /// A connection in a phase.
    private func connection(in phase: ConnectionPhase) -> DrivenConnection {
        let driven = DrivenConnection(on: DrivenLoop { $0.answerMemory = 1 << 20 })
        switch phase {
        case .opening: break
        case .idle: driven.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
        case .header: driven.send("GET /hello HTTP/1.1\r\nHo")
        case .body: driven.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhello")
        case .discarding: driven.send("POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhello")
        case .suspended: driven.send("GET /suspended HTTP/1.1\r\nHost: a\r\n\r\n")
        case .response:
            driven.output.room = 100
            driven.send("GET /bytes?count=9000 HTTP/1.1\r\nHost: a\r\n\r\n")
        case .lingering: driven.send("\n")
        case .closed: driven.connection.close()
        }
        return driven
    }

    private func leastMissed(by driven: DrivenConnection) -> DeadlineLists.Node? {
        driven.loop.shared.deadlines.leastMissed(at: driven.loop.shared.now)
    }

    private func take(_ event: Event, _ driven: DrivenConnection) {
        let before = driven.phase
        switch event {
        case .bytes: driven.send("X")
        case .end: driven.end()
        case .room: driven.read(1_000_000)
        case .expiry:
            let limit = driven.phase == .closed ? 0 : driven.loop.shared.limits.limit(driven.phase)
            driven.loop.pass(max(limit, 1) - 1)
            #expect(driven.phase == before, "before its time")
            driven.loop.pass(1)
        case .place:
            // Not before it has had the least time of its phase.
            if let stay = driven.phase.leastStay, stay > 0 {
                driven.loop.shared.now += stay - 1
                #expect(leastMissed(by: driven) == nil)
                driven.loop.shared.now += 1
            }
            leastMissed(by: driven)?.pointee.connection.giveUpPlace()
        case .answer: if driven.phase == .suspended { driven.answerSuspended() }
        case .cutOff:
            // Another answer for which there is no room.
            let other = DrivenConnection(on: driven.loop, room: 1000)
            other.send("GET /bytes?count=1048000 HTTP/1.1\r\nHost: a\r\n\r\n")
            driven.loop.runJobs()
        case .failure:
            driven.output.isBroken = true
            driven.connection.writeMore()
        }
    }

    @Test(arguments: ConnectionPhase.allCases, Event.allCases)
    func `Each event leads where the table says`(_ phase: ConnectionPhase, _ event: Event) {
        let driven = connection(in: phase)
        #expect(driven.phase == phase)
        let before = driven.output.bytes.count
        take(event, driven)
        let answers = WireAnswer.read(phase == .response ? driven.output.bytes : Array(driven.output.bytes[before...]))
        let status = driven.output.bytes.count == before ? nil : answers.last?.status
        let followed = "\(driven.phase)" + (status.map { " \($0)" } ?? "")
        #expect(followed == Self.table[phase]?[event] ?? "\(phase)")
    }

    @Test(arguments: ConnectionPhase.allCases)
    func `No phase is without a way out that needs no client`(_ phase: ConnectionPhase) {
        let driven = connection(in: phase)
        weak let connection = driven.connection
        for _ in 0..<3 where driven.phase != .closed {
            #expect(driven.loop.shared.deadlines.next(driven.loop.shared.limits) < .max)
            driven.loop.pass(driven.loop.shared.limits.limit(driven.phase))
        }
        #expect(driven.phase == .closed)
        #expect(driven.output.isClosed)
        #expect(driven.loop.shared.deadlines.next(driven.loop.shared.limits) == .max)
        #expect(driven.loop.budget.count == 0)
        #expect(connection != nil)
    }

    @Test(arguments: ConnectionPhase.allCases)
    func `Nothing keeps a connection that has ended`(_ phase: ConnectionPhase) {
        var driven: DrivenConnection? = connection(in: phase)
        let loop = driven!.loop
        weak let connection = driven!.connection
        driven = nil
        #expect(connection == nil)
        #expect(loop.budget.count == 0)
        #expect(loop.counters.connectionsOpen == 0)
        // The request of one that was suspended may outlive it.
        if phase == .suspended { loop.suspension()?.resume { $0.respond(Response(status: 200)) } }
        loop.runJobs()
    }

    @Test func `An idle connection takes far less than 4 KiB`() {
        let driven = connection(in: .idle)
        let size = usableSize(Unmanaged.passUnretained(driven.connection).toOpaque())
        #expect(size + MemoryLayout<DeadlineNode>.size < 1024)
    }

    @Test(arguments: [
        ("", "closed"), ("GET /", "408, closed"), ("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", "200 hello, closed"),
        ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell", "408, closed"),
        ("POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell", "401, closed"),
    ])
    func `A client that falls silent is told why`(_ sent: String, _ outcome: String) {
        let driven = DrivenConnection()
        driven.send(sent)
        for _ in 0..<3 { driven.loop.pass(70_000) }
        #expect(driven.phase == .closed)
        #expect((WireAnswer.read(driven.output.bytes).map(\.text) + ["closed"]).joined(separator: ", ") == outcome)
    }

    @Test(arguments: [
        ("", "closed"), ("\r\n", "closed"), ("GET /", "400, closed"),
        ("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", "200 hello, closed"),
        ("GET /hello HTTP/1.1\r\nHost: a\r\n\r\nGET", "200 hello, 400, closed"),
        ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell", "400, closed"),
        ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", "400, closed"),
        // The answer is known already: it is that one, and one only.
        ("POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell", "401, closed"),
        ("POST /refused HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "401, closed"),
    ])
    func `A client that sends nothing more gets what it asked for, and leaves nothing behind`(
        _ sent: String, _ outcome: String
    ) {
        for room in [Int.max, 1] {
            let driven = DrivenConnection(room: room)
            driven.send(sent)
            driven.end()
            while driven.connection.hasOutput { driven.read(50) }
            #expect(driven.phase == .closed)
            #expect((WireAnswer.read(driven.output.bytes).map(\.text) + ["closed"]).joined(separator: ", ") == outcome)
        }
    }

    @Test func `A client that ends while its request is suspended gets the answer`() {
        let driven = connection(in: .suspended)
        driven.end()
        #expect(driven.phase == .suspended)
        driven.answerSuspended()
        #expect(driven.phase == .closed)
        #expect(WireAnswer.read(driven.output.bytes).map(\.text) == ["200 late"])
    }

    @Test func `What was suspended too long is answered once`() {
        let driven = connection(in: .suspended)
        driven.loop.pass(330_000)
        #expect(WireAnswer.read(driven.output.bytes).map(\.status) == [503])
        driven.answerSuspended()
        #expect(WireAnswer.read(driven.output.bytes).map(\.status) == [503])
        #expect(driven.loop.counters.slowHandlers == 1)
    }

    @Test func `Once the server stops, the answer under way is the last`() {
        let answering = connection(in: .response)
        let suspended = connection(in: .suspended)
        for driven in [answering, suspended] {
            driven.loop.shared.inbox.put(.stop)
            driven.loop.runJobs()
        }
        answering.read(100_000)
        #expect(answering.phase == .lingering)
        suspended.answerSuspended()
        #expect(suspended.phase == .lingering)
        #expect(WireAnswer.read(suspended.output.bytes).map(\.closes) == [true])
    }
}

/// How large a block of memory is. The module of the C library lacks it.
@_silgen_name("malloc_usable_size")
private func usableSize(_ block: UnsafeMutableRawPointer) -> Int
