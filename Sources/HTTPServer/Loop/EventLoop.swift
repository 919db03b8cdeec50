internal import CLinux
import Glibc

/// One event loop: waits with epoll for what connections can do, and lets them do it. It runs on one thread, and only that
/// thread uses it.
final class EventLoop {
    private let shared: ConnectionLoop
    private let acceptor: Acceptor
    private let poll: Epoll
    private let input: UnsafeMutableRawBufferPointer
    private var jobs: [LoopJob] = []
    /// Connections that can go on without an event: others had to get their turn first.
    private var queue: [SocketConnection] = []
    private var freedMemory = FreedMemory()
    private var nextTick: UInt64
    private var stopAt = UInt64.max

    /// The most bytes that are read from a connection at once. What is read behind a head is held while that request is
    /// under way, so less is read where a head comes next.
    private static let (mostReadOfBody, mostReadOfHeads) = (1 << 16, 1 << 14)
    /// How often a connection may read or begin requests in one turn.
    private static let mostSteps = 4
    /// What an event names: 0 for the inbox, then a number for each listener, else the address of a connection.
    private static let wakeMark: UInt64 = 0

    init(_ shared: ConnectionLoop, _ listeners: [Listener]) {
        self.shared = shared
        poll = Epoll()
        acceptor = Acceptor(listeners, shared, poll)
        // What a connection holds before it reads is less than a head, or than the line of a chunk.
        input = .allocate(
            byteCount: shared.configuration.headLimits.head + 2 * Self.mostReadOfBody, alignment: 64)
        nextTick = shared.now + 1000
        poll.watch(shared.inbox.wake, EPOLLIN.rawValue, mark: Self.wakeMark)
    }

    deinit {
        input.deallocate()
    }

    /// Serves until a stop job has come and all requests under way are answered or out of time.
    func run() {
        while !shared.isStopping || (acceptor.openCount > 0 && shared.now < stopAt) {
            let count = poll.wait(waitTime())
            shared.now = MonotonicClock.now()
            for index in 0..<count { take(poll.events[index]) }
            serveQueue()
            freedMemory.note(connections: acceptor.openCount, waiting: shared.budget.count)
            shared.deadlines.expire(shared.limits, at: shared.now)
            if shared.now >= nextTick { tick() }
            acceptor.dropClosed()
            acceptor.listenAgain()
            shared.handler.willWait()
        }
        for phase in ConnectionPhase.allCases {
            while let node = shared.deadlines.oldest(phase) { node.pointee.connection.endNow() }
        }
        acceptor.dropClosed()
        acceptor.stopListening()
        shared.inbox.close()
    }

    /// What is done once a second.
    private func tick() {
        nextTick = shared.now + 1000
        shared.answerHead.setDate(time(nil))
        shared.handler.tick()
        serveResumed()
        let waiting = shared.budget.count
        if freedMemory.isWorthReturning(connections: acceptor.openCount, waiting: waiting, at: shared.now) {
            malloc_trim(0)
        }
    }

    // MARK: Events

    private func take(_ event: epoll_event) {
        let mark = event.data.u64
        if mark == Self.wakeMark { return runJobs() }
        if acceptor.isMark(mark) { return acceptor.accept(mark) }
        let place = UnsafeRawPointer(bitPattern: UInt(mark))!
        let connection = Unmanaged<SocketConnection>.fromOpaque(place).takeUnretainedValue()
        let kinds = event.events
        if kinds & EPOLLERR.rawValue != 0 { return connection.close() }
        if kinds & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue) != 0 { connection.isHalfClosed = true }
        if kinds & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLHUP.rawValue) != 0 { connection.canRead = true }
        if kinds & EPOLLOUT.rawValue != 0 { connection.writeMore() }
        serve(connection)
    }

    private func serve(_ connection: SocketConnection) {
        for _ in 0..<Self.mostSteps {
            guard connection.canGoOn else { return }
            let takesBody = connection.phase == .body || connection.phase == .lingering
            connection.goOn(in: input, readingAtMost: takesBody ? Self.mostReadOfBody : Self.mostReadOfHeads)
        }
        guard connection.canGoOn, !connection.isQueued else { return }
        connection.isQueued = true
        queue.append(connection)
    }

    /// Serves the connections whose exchanges the handler let go on.
    private func serveResumed() {
        while !shared.resumed.isEmpty {
            var turn: [Connection] = []
            swap(&turn, &shared.resumed)
            for connection in turn { serve(unsafeDowncast(connection, to: SocketConnection.self)) }
        }
    }

    private func serveQueue() {
        guard !queue.isEmpty else { return }
        var turn: [SocketConnection] = []
        swap(&turn, &queue)
        for connection in turn {
            connection.isQueued = false
            serve(connection)
        }
    }

    private func runJobs() {
        shared.inbox.takeJobs(into: &jobs)
        for job in jobs {
            switch job {
            case .run(let body):
                body()
                serveResumed()
            case .resume(let exchange, let body):
                // If it is not suspended any more, its connection may be gone.
                guard exchange.stage == .suspended else { continue }
                let connection = unsafeDowncast(exchange.connection, to: SocketConnection.self)
                connection.resume(exchange, body)
                serve(connection)
            case .cutOff(let answer): answer.connection.cutOff(answer)
            case .stop: beginStop()
            }
        }
        jobs.removeAll(keepingCapacity: true)
    }

    /// Milliseconds until something is due that no descriptor reports.
    private func waitTime() -> Int32 {
        guard queue.isEmpty else { return 0 }
        let due = min(nextTick, stopAt, shared.deadlines.next(shared.limits), acceptor.nextAccept)
        return due > shared.now ? Int32(min(due - shared.now, 1000)) : 0
    }

    // MARK: Stopping

    /// Accepts no more connections. Connections that have sent no request are closed now, the others after their answer.
    private func beginStop() {
        guard !shared.isStopping else { return }
        shared.isStopping = true
        stopAt = shared.now + shared.configuration.stopDeadline.milliseconds
        acceptor.acceptWaiting()
        acceptor.stopListening()
        for phase in [ConnectionPhase.opening, .idle] {
            while let node = shared.deadlines.oldest(phase) {
                let connection = unsafeDowncast(node.pointee.connection, to: SocketConnection.self)
                // Its request may have come in just now.
                connection.canRead = true
                serve(connection)
                if connection.phase == .opening || connection.phase == .idle { connection.close() }
            }
        }
    }
}
