/// One connection, from accept to close: takes bytes in, lets a handler answer, writes bytes out. It knows no socket.
///
/// Whoever drives it gives it the bytes that came in (``receive(_:)``), and says when no more will come, when more can be
/// written and when its time is up. ``ConnectionPhase`` says what it waits for. Only its loop's thread uses it.
class Connection {
    final let peer: PeerAddress
    // `unowned(unsafe)` because the loop closes all of its connections before it goes away.
    final private unowned(unsafe) let loop: ConnectionLoop
    final private let writer: any ByteWriter
    final private(set) var node: DeadlineLists.Node

    /// The request under way, from its complete head to its answer.
    final private var exchange: Exchange?
    final private var scanner = HeadScanner()
    private static let mostRequestsInTurn = 8
    /// How many bytes of a body of known length are still to come.
    final private var bodyLeft: UInt64 = 0
    final private var held = HeldBytes()
    final private var outgoing = Outgoing()
    /// What comes after the answer that is being written; `nil` while there is none.
    final private var ending: Ending?
    /// The memory of its answer while that waits for its reader.
    final private var waitingAnswer: WaitingAnswer?

    /// Whether bytes that came in earlier can be used now, though nothing new comes in.
    final private(set) var hasUsableInput = false
    /// Whether the client sends nothing more, and all that it sent was received.
    final private var hasInputEnded = false

    /// What comes after an answer.
    private enum Ending {
        case none
        /// Close when the client has had time to read the answer: it may be sending still, and reading.
        case linger
    }

    init(peer: PeerAddress, writer: any ByteWriter, on loop: ConnectionLoop) {
        self.peer = peer
        self.writer = writer
        self.loop = loop
        node = .allocate(capacity: 1)
        node.initialize(to: DeadlineNode(phase: .opening, since: loop.now, connection: self))
        loop.deadlines.add(node, to: .opening, at: loop.now)
        loop.counters.accepted.add(1)
    }

    deinit {
        node.deallocate()
    }

    /// Whether the other end has said that it sends no more.
    var isHungUp: Bool { false }

    final var phase: ConnectionPhase { node.pointee.phase }

    /// Whether something waits to be written.
    final var hasOutput: Bool { !outgoing.isEmpty }

    /// Whether it can write more now, when others have had their turn.
    final var wantsToWrite: Bool { outgoing.wantsTurn }

    /// Moves the bytes that it holds to where the next ones are about to come in.
    final func moveHeld(to input: UnsafeMutableRawBufferPointer) -> Int {
        hasUsableInput = false
        return held.move(to: input)
    }

    /// Takes bytes that came in: first those that it held, then new ones. What cannot be used yet it holds.
    final func receive(_ bytes: UnsafeMutableRawBufferPointer) {
        var rest = bytes
        var requests = 0
        while !rest.isEmpty {
            let count: Int
            switch phase {
            case .opening, .idle, .header:
                // Whoever sends many requests at once takes turns with the others.
                if requests == Self.mostRequestsInTurn {
                    hasUsableInput = true
                    count = 0
                } else {
                    requests += 1
                    count = takeHead(rest)
                }
            case .body, .discarding: count = takeBody(UnsafeRawBufferPointer(rest))
            case .suspended, .response: count = 0
            case .lingering, .closed: return
            }
            if count == 0 { break }
            rest = UnsafeMutableRawBufferPointer(rebasing: rest[count...])
        }
        guard phase != .closed else { return }
        exchange?.keepHead()
        held.keep(UnsafeRawBufferPointer(rest))
    }

    /// The client sends nothing more. All that came in before was received.
    final func endInput() {
        hasInputEnded = true
        switch phase {
        case .opening, .idle: close()
        // Its deadline ends it when it has taken what the kernel still holds.
        case .lingering: if !writer.hasUnsent { close() }
        case .header, .body, .discarding: refuse(.breaksOff)
        case .suspended, .response, .closed: return
        }
    }

    /// Writes more of what waits.
    final func writeMore() {
        guard !outgoing.isEmpty, phase != .closed else { return }
        guard outgoing.go(on: writer) else { return close() }
        settleOutput()
    }

    /// Lets a suspended exchange go on.
    final func resume(_ exchange: Exchange, _ body: (Exchange) -> Void) {
        guard exchange.stage == .suspended, self.exchange === exchange else { return }
        exchange.resume(body)
        settle(exchange)
    }

    /// Its time in the phase is up.
    final func expire() {
        switch phase {
        case .opening, .idle: close(resetting: writer.hasUnsent)
        case .lingering:
            if writer.hasUnsent { loop.counters.slowReaders.add(1) }
            close(resetting: writer.hasUnsent)
        case .header:
            loop.counters.slowHeads.add(1)
            refuse(.slowHead)
        case .body, .discarding:
            loop.counters.slowBodies.add(1)
            refuse(.slowBody)
        case .suspended:
            loop.counters.slowHandlers.add(1)
            refuse(.slowHandler)
        case .response:
            loop.counters.slowReaders.add(1)
            close(resetting: true)
        case .closed: return
        }
    }

    /// How many bytes have moved in this phase, of those that deadlines count.
    final var progress: UInt64 {
        switch phase {
        case .body: exchange?.receivedCount ?? 0
        // What is left of the answer is in the kernel. When all of it is on its way, there is nothing to wait for.
        case .lingering: writer.hasUnsent ? writer.acknowledged ?? 0 : 0
        default: writer.acknowledged ?? outgoing.written
        }
    }

    /// Gives everything up. The client sees the connection end.
    ///
    /// - Parameter resetting: whether the kernel, too, gives up what it holds for the client. Else a client that reads
    ///   next to nothing would keep that for hours.
    final func close(resetting: Bool = false) {
        guard phase != .closed else { return }
        loop.deadlines.remove(node)
        node.pointee.phase = .closed
        loop.counters.closed.add(1)
        if let exchange = exchange.take(), exchange.stage != .answered { exchange.end(.abandoned) }
        giveBackMemory()
        outgoing.drop()
        held.drop()
        hasUsableInput = false
        writer.close(resetting: resetting)
        loop.closed.append(self)
    }

    /// Makes room: cuts off a reader that takes too little of this answer, unless it has taken it meanwhile.
    final func cutOff(_ answer: WaitingAnswer) {
        guard phase == .response, waitingAnswer === answer else { return }
        loop.counters.budgetCloses.add(1)
        close(resetting: true)
    }

    /// Ends, because the server does. A request that has not come in whole gets an answer.
    final func endNow() {
        switch phase {
        case .header: refuse(.stopping)
        case .body, .discarding: refuse(.stopping)
        case .opening, .idle, .lingering, .suspended, .response, .closed: break
        }
        close()
    }

    /// Whether it may be ended for a new one, when it has been in its phase for ``ConnectionPhase/leastStay``.
    final var canBeMissed: Bool {
        switch phase {
        case .suspended: return isHungUp
        case .response:
            let seconds = (loop.now - min(loop.now, node.pointee.since)) / 1000
            let moved = progress - min(progress, node.pointee.progress)
            return moved < UInt64(loop.configuration.deadlines.minimumRate) * seconds
        case .opening, .idle, .header, .body, .discarding, .lingering, .closed: return true
        }
    }

    /// Ends, because all places are taken. What matters least is ended first: ``ConnectionPhase/leastStay``.
    final func giveUpPlace() {
        switch phase {
        case .header: refuse(.slowHead)
        case .discarding: refuse(.slowBody)
        case .opening, .idle, .lingering, .body, .suspended, .response, .closed: break
        }
        // The answer is in the socket's buffer, and a place is needed now.
        close(resetting: phase == .response || (phase == .lingering && writer.hasUnsent))
    }

    // MARK: A request

    /// - Returns: how many bytes it used; 0 when more must come first.
    final private func takeHead(_ bytes: UnsafeMutableRawBufferPointer) -> Int {
        if phase != .header {
            // Some clients send an empty line too much behind a body (RFC 9112, section 2.2). All that are there go at
            // once: many of them are not worth turns of their own.
            var place = 0
            while place + 1 < bytes.count, bytes[place] == 13, bytes[place + 1] == 10 { place += 2 }
            if place > 0 || (bytes.count == 1 && bytes[0] == 13) {
                if phase == .idle { enter(.opening) }
                return place
            }
            enter(.header)
        }
        do throws(RequestFault) {
            guard
                let count = try scanner.end(
                    of: UnsafeRawBufferPointer(bytes), limits: loop.configuration.headLimits)
            else { return 0 }
            scanner = HeadScanner()
            begin(UnsafeMutableRawBufferPointer(rebasing: bytes[..<count]))
            return count
        } catch {
            refuse(error, isHead: bytes.starts(with: "HEAD ".utf8))
            return bytes.count
        }
    }

    final private func begin(_ bytes: UnsafeMutableRawBufferPointer) {
        loop.counters.requests.add(1)
        guard let parser = loop.parsers.take() else { return refuse(.noMemory) }
        let head: RequestHead
        do throws(RequestFault) {
            head = try RequestHead(bytes, parser: parser)
        } catch {
            loop.parsers.put(parser)
            return refuse(error, isHead: bytes.starts(with: "HEAD ".utf8))
        }
        let fault = head.fault
        let exchange = Exchange(head, on: self, loop)
        self.exchange = exchange
        if let fault { return refuse(fault) }
        if exchange.hasBody { return beginBody(of: exchange) }
        exchange.begin()
        settle(exchange)
    }

    final private func beginBody(of exchange: Exchange) {
        let framing = exchange.framing
        bodyLeft = framing.length ?? 0
        node.pointee.progress = 0
        enter(.body)
        exchange.prepare(loop.handler.begin(exchange))
        if exchange.isDiscarding { enter(.discarding) }
        if exchange.answer != nil {
            if framing.expectsContinue || bodyLeft > loop.drainLimit { answer(exchange, .linger) }
        } else if framing.expectsContinue, !outgoing.write("HTTP/1.1 100 Continue\r\n\r\n", on: writer) {
            close()
        }
    }

    /// - Returns: how many bytes it used; 0 when more must come first.
    final private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let exchange else { return bytes.count }
        guard exchange.framing.isChunked else {
            let count = Int(min(bodyLeft, UInt64(bytes.count)))
            bodyLeft -= UInt64(count)
            if !exchange.receive(UnsafeRawBufferPointer(rebasing: bytes[..<count])) {
                giveUp(exchange)
            } else if bodyLeft == 0 {
                complete(exchange)
            }
            return count
        }
        do throws(RequestFault) {
            let taken = try exchange.receiveChunks(bytes)
            if !taken.isWanted {
                giveUp(exchange)
            } else if taken.isComplete {
                complete(exchange)
            }
            return taken.used
        } catch {
            refuse(error)
            return bytes.count
        }
    }

    final private func complete(_ exchange: Exchange) {
        exchange.complete()
        settle(exchange)
    }

    /// The body is too long to wait for its end.
    final private func giveUp(_ exchange: Exchange) {
        if exchange.answer == nil {
            exchange.refuse(status: 413, type: "payload_too_large", "the body is too long")
        }
        answer(exchange, .linger)
    }

    /// A handler has done what it can for now.
    final private func settle(_ exchange: Exchange) {
        guard exchange.stage != .suspended else { return enter(.suspended) }
        if exchange.answer == nil { exchange.fail("the request was not answered") }
        answer(exchange, .none)
    }

    /// Answers with an error of the server's own, unless the handler has given an answer before the body was in. The
    /// connection ends after it.
    ///
    /// - Parameter isHead: whether the request, which could not be parsed, seems to be a `HEAD`.
    final private func refuse(_ fault: RequestFault, isHead: Bool = false) {
        if let exchange {
            if exchange.answer == nil { exchange.refuse(status: fault.status, type: fault.type, fault.message) }
            return answer(exchange, .linger)
        }
        send(
            loop.handler.errorResponse(status: fault.status, type: fault.type, message: fault.message), isHead: isHead,
            .closes, .linger)
    }

    // MARK: An answer

    final private func answer(_ exchange: Exchange, _ ending: Ending) {
        guard let response = exchange.answer.take() else { return close() }
        var ending = ending
        var line = exchange.connectionLine
        if case .closes = line {
            ending = .linger
        } else if ending != .none || loop.isStopping {
            (line, ending) = (.closes, .linger)
        }
        let share = exchange.share
        exchange.end(.answered)
        self.exchange = nil
        send(response, isHead: exchange.method == .head, line, ending, share)
    }

    final private func send(
        _ response: consuming Response, isHead: Bool, _ line: ConnectionLine, _ ending: Ending,
        _ share: AnswerShare = AnswerShare()
    ) {
        self.ending = ending
        loop.counters.count(status: response.status)
        loop.answerHead.write(response, connection: line)
        // A client takes a body where none belongs for the next answer (RFC 9110, section 6.4.1).
        let body = isHead || response.hasNoBody ? ResponseBody.empty : response.takeBody()
        loop.counters.bodyBytes.add(body.length)
        guard outgoing.begin(loop.answerHead.buffer.bytes, body, on: writer) else { return close() }
        if !outgoing.isEmpty {
            enter(.response)
            // What was acknowledged of earlier answers is no progress of this one.
            node.pointee.progress = writer.acknowledged ?? 0
            if outgoing.count > 0 {
                waitingAnswer = loop.budget.hold(outgoing.count, of: share, written: outgoing.written, by: self, loop)
                if waitingAnswer == nil {
                    loop.counters.budgetCloses.add(1)
                    return close(resetting: true)
                }
            }
        }
        settleOutput()
    }

    final private func settleOutput() {
        guard outgoing.isEmpty else {
            if let waitingAnswer { loop.budget.note(outgoing.count, written: outgoing.written, of: waitingAnswer) }
            return
        }
        guard let ending = ending.take() else { return }
        giveBackMemory()
        switch ending {
        case .none where loop.isStopping && held.count == 0: linger()
        case .none:
            enter(.idle)
            hasUsableInput = held.count > 0
        case .linger: linger()
        }
    }

    /// Ends the connection when the client has had time to read what was written.
    final private func linger() {
        let hasUnsent = writer.hasUnsent
        guard !hasInputEnded || hasUnsent else { return close() }
        writer.finish()
        enter(.lingering)
        node.pointee.progress = hasUnsent ? writer.acknowledged ?? 0 : 0
    }

    final private func giveBackMemory() {
        if let waitingAnswer = waitingAnswer.take() { loop.budget.release(waitingAnswer) }
    }

    final private func enter(_ phase: ConnectionPhase) {
        loop.deadlines.move(node, to: phase, at: loop.now)
    }
}
