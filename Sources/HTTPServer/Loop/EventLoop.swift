internal import CLinux
import Glibc

/// One event loop: accepts connections, waits with epoll for what they can do, and lets them do it. It runs on one
/// thread, and only that thread uses it.
final class EventLoop {
    private let shared: ConnectionLoop
    private var gates: [Gate]
    private let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    private let input: UnsafeMutableRawBufferPointer
    private var jobs: [LoopJob] = []
    /// Connections that can go on without an event: others had to get their turn first.
    private var queue: [SocketConnection] = []
    /// Connections over the Unix socket, few of them. They are looked for here, not among thousands of others.
    private var localConnections: [SocketConnection] = []
    private var freedMemory = FreedMemory()
    private var hasStoppedListening = false
    private var nextTick: UInt64
    private var stopAt = UInt64.max

    /// The most bytes that are read from a connection at once. What is read behind a head is held while that request is
    /// under way, so less is read where a head comes next.
    private static let (mostReadOfBody, mostReadOfHeads) = (1 << 16, 1 << 14)
    /// How often a connection may read or begin requests in one turn.
    private static let mostSteps = 4
    private static let mostAccepts = 64
    /// How many bytes of answers the kernel may hold unsent for a connection.
    private static let mostUnsent: Int32 = 1 << 17

    /// What an event names: a number for what there is once, else the address of a connection.
    private static let wakeMark: UInt64 = 0
    private static let firstListenerMark: UInt64 = 1

    init(_ shared: ConnectionLoop, _ listeners: [Listener]) {
        self.shared = shared
        gates = listeners.map { Gate(listener: $0) }
        // What a connection holds before it reads is less than a head, or than the line of a chunk.
        input = .allocate(
            byteCount: shared.configuration.headLimits.head + 2 * Self.mostReadOfBody, alignment: 64)
        nextTick = shared.now + 1000
        watch(shared.inbox.wake, EPOLLIN.rawValue, mark: Self.wakeMark)
        for index in gates.indices { watchGate(index, EPOLL_CTL_ADD) }
    }

    deinit {
        input.deallocate()
        close(epoll)
    }

    /// Serves until a stop job has come and all requests under way are answered or out of time.
    func run() {
        var events = [epoll_event](repeating: epoll_event(), count: 256)
        while !shared.isStopping || (openCount > 0 && shared.now < stopAt) {
            let count = epoll_wait(epoll, &events, Int32(events.count), waitTime())
            precondition(count >= 0 || errno == EINTR, "epoll_wait failed: \(String(cString: strerror(errno)))")
            shared.now = MonotonicClock.now()
            for index in 0..<max(0, Int(count)) { take(events[index]) }
            serveQueue()
            freedMemory.note(connections: openCount, waiting: shared.budget.count)
            shared.deadlines.expire(shared.limits, at: shared.now)
            if shared.now >= nextTick { tick() }
            dropClosed()
            listenAgain()
            shared.handler.willWait()
        }
        for phase in ConnectionPhase.allCases {
            while let node = shared.deadlines.oldest(phase) { node.pointee.connection.close() }
        }
        dropClosed()
        stopListening()
        shared.inbox.close()
    }

    /// What is done once a second.
    private func tick() {
        nextTick = shared.now + 1000
        shared.answerHead.setDate(time(nil))
        shared.handler.tick()
        let waiting = shared.budget.count
        if freedMemory.isWorthReturning(connections: openCount, waiting: waiting, at: shared.now) { malloc_trim(0) }
    }

    // MARK: Events

    private func take(_ event: epoll_event) {
        let mark = event.data.u64
        if mark == Self.wakeMark { return runJobs() }
        if mark < Self.firstListenerMark + UInt64(gates.count) {
            return accept(at: Int(mark - Self.firstListenerMark))
        }
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
            case .run(let body): body()
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
        var due = min(nextTick, stopAt, shared.deadlines.next(shared.limits))
        if !shared.isStopping {
            for gate in gates where !gate.isOpen { due = min(due, gate.acceptsAt) }
        }
        return due > shared.now ? Int32(min(due - shared.now, 1000)) : 0
    }

    private func dropClosed() {
        guard !shared.closed.isEmpty else { return }
        for connection in shared.closed {
            let connection = unsafeDowncast(connection, to: SocketConnection.self)
            gates[connection.gate].openCount -= 1
            if connection.peer.isLocal { localConnections.removeAll { $0 === connection } }
            Unmanaged.passUnretained(connection).release()
        }
        shared.closed.removeAll(keepingCapacity: true)
    }

    private var openCount: Int { gates.reduce(0) { $0 + $1.openCount } }

    // MARK: Accepting

    private func accept(at index: Int) {
        let listener = gates[index].listener
        for _ in 0..<Self.mostAccepts {
            if !hasRoom(at: index) {
                // A connection is closed only for one that waits.
                guard listener.hasWaiting else { return }
                guard makeRoom(at: index) else { return pause(index) }
            }
            var address = sockaddr_storage()
            let descriptor = martlet_accept(listener.descriptor, &address)
            guard descriptor >= 0 else {
                switch errno {
                case EAGAIN: return
                case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                    gates[index].acceptsAt = shared.now + 100
                    return pause(index)
                default: continue
                }
            }
            open(descriptor, from: listener.peer(of: &address), at: index)
        }
    }

    private func open(_ descriptor: Int32, from peer: PeerAddress, at index: Int) {
        if !peer.isLocal {
            var one: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
            // What readers do not read waits in our memory, which has a bound, and not by megabytes in the kernel's.
            var most = Self.mostUnsent
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, &most, socklen_t(MemoryLayout<Int32>.size))
        }
        let connection = SocketConnection(descriptor, peer: peer, at: index, on: shared)
        let place = Unmanaged.passRetained(connection).toOpaque()
        gates[index].openCount += 1
        if peer.isLocal { localConnections.append(connection) }
        let kinds = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        if !watch(descriptor, kinds, mark: UInt64(UInt(bitPattern: place))) { connection.close() }
    }

    /// Those that were closed in this turn still count as open, but have left their places.
    private func hasRoom(at index: Int) -> Bool {
        guard gates[index].isFull else { return true }
        let closed = shared.closed.count { unsafeDowncast($0, to: SocketConnection.self).gate == index }
        return gates[index].openCount - closed < gates[index].listener.connectionLimit
    }

    /// Ends a connection that has no request, for a new one of the same listener.
    private func makeRoom(at index: Int) -> Bool {
        guard let connection = leastMissed(at: index) else { return false }
        shared.counters.evictions.add(1)
        connection.giveUpPlace()
        return true
    }

    /// A connection that may be ended for a new one of the same listener.
    private func leastMissed(at index: Int) -> Connection? {
        guard gates[index].listener.isLocal else {
            return shared.deadlines.leastMissed(at: shared.now)?.pointee.connection
        }
        for phase in ConnectionPhase.fromLeastMissed {
            guard let stay = phase.leastStay else { continue }
            let oldest = localConnections.filter { $0.phase == phase }
                .min { $0.node.pointee.since < $1.node.pointee.since }
            if let oldest, oldest.node.pointee.since + stay <= shared.now { return oldest }
        }
        return nil
    }

    private func pause(_ index: Int) {
        guard gates[index].isOpen else { return }
        gates[index].isOpen = false
        shared.counters.acceptPauses.add(1)
        watchGate(index, EPOLL_CTL_MOD)
    }

    private func listenAgain() {
        guard !shared.isStopping else { return }
        for index in gates.indices where !gates[index].isOpen && gates[index].acceptsAt <= shared.now {
            guard !gates[index].isFull || leastMissed(at: index) != nil else {
                // Some will have had their time then.
                gates[index].acceptsAt = shared.now + 100
                continue
            }
            gates[index].isOpen = true
            watchGate(index, EPOLL_CTL_MOD)
        }
    }

    /// Waits for connections at a gate, or not, as it is open or not.
    private func watchGate(_ index: Int, _ call: Int32) {
        let kinds = gates[index].isOpen ? EPOLLIN.rawValue : 0
        watch(gates[index].listener.descriptor, kinds, mark: Self.firstListenerMark + UInt64(index), call)
    }

    @discardableResult
    private func watch(_ descriptor: Int32, _ kinds: UInt32, mark: UInt64, _ call: Int32 = EPOLL_CTL_ADD) -> Bool {
        var interest = epoll_event()
        interest.events = kinds
        interest.data.u64 = mark
        return epoll_ctl(epoll, call, descriptor, &interest) == 0
    }

    // MARK: Stopping

    /// Accepts no more connections. Connections that have sent no request are closed now, the others after their answer.
    private func beginStop() {
        guard !shared.isStopping else { return }
        shared.isStopping = true
        stopAt = shared.now + shared.configuration.stopDeadline.milliseconds
        // Those that wait in the kernel's queue already were promised to be served.
        for index in gates.indices {
            for _ in 0..<Int(SOMAXCONN) / Self.mostAccepts where gates[index].isOpen { accept(at: index) }
        }
        stopListening()
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

    private func stopListening() {
        guard !hasStoppedListening else { return }
        hasStoppedListening = true
        for gate in gates { close(gate.listener.descriptor) }
    }
}
