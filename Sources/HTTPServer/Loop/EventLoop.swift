internal import CLinux
import Glibc

/// One event loop: accepts connections, waits with epoll for what they can do, and lets them do it. It runs on one
/// thread, and only that thread uses it.
final class EventLoop {
    private let shared: ConnectionLoop
    private let listeners: [Listener]
    private let connectionLimit: Int
    private let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    private let input: UnsafeMutableRawBufferPointer
    private var jobs: [LoopJob] = []
    /// Connections that can go on without an event: others had to get their turn first.
    private var queue: [SocketConnection] = []
    private var openCount = 0
    /// The most connections that were open since memory was given back.
    private var mostOpen = 0
    private var isListening = true
    private var hasStoppedListening = false
    /// Until then no connection is accepted: descriptors or memory ran out.
    private var acceptsAt: UInt64 = 0
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
    /// How many connections must have closed before memory is given back: that takes a millisecond or two.
    private static let wave = 1000

    /// What an event names: a number for what there is once, else the address of a connection.
    private static let wakeMark: UInt64 = 0
    private static let firstListenerMark: UInt64 = 1

    init(_ shared: ConnectionLoop, listeners: [Listener], connectionLimit: Int) {
        self.shared = shared
        self.listeners = listeners
        self.connectionLimit = connectionLimit
        // What a connection holds before it reads is less than a head, or than the line of a chunk.
        input = .allocate(
            byteCount: shared.configuration.headLimits.head + 2 * Self.mostReadOfBody, alignment: 64)
        nextTick = shared.now + 1000
        watch(shared.inbox.wake, EPOLLIN.rawValue, mark: Self.wakeMark)
        for (index, listener) in listeners.enumerated() {
            watch(listener.descriptor, EPOLLIN.rawValue, mark: Self.firstListenerMark + UInt64(index))
        }
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
            shared.deadlines.expire(shared.limits, at: shared.now)
            if shared.now >= nextTick {
                nextTick = shared.now + 1000
                shared.answerHead.setDate(time(nil))
                shared.handler.tick()
                giveBackMemory()
            }
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

    // MARK: Events

    private func take(_ event: epoll_event) {
        let mark = event.data.u64
        if mark == Self.wakeMark { return runJobs() }
        if mark < Self.firstListenerMark + UInt64(listeners.count) {
            return accept(on: listeners[Int(mark - Self.firstListenerMark)])
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
        if !isListening, !shared.isStopping { due = min(due, acceptsAt) }
        return due > shared.now ? Int32(min(due - shared.now, 1000)) : 0
    }

    private func dropClosed() {
        guard !shared.closed.isEmpty else { return }
        openCount -= shared.closed.count
        for connection in shared.closed { Unmanaged.passUnretained(connection).release() }
        shared.closed.removeAll(keepingCapacity: true)
    }

    /// After a wave of connections their memory goes back to the system. The allocator would keep it.
    private func giveBackMemory() {
        guard mostOpen - openCount >= Self.wave else { return }
        mostOpen = openCount
        malloc_trim(0)
    }

    // MARK: Accepting

    private func accept(on listener: Listener) {
        for _ in 0..<Self.mostAccepts {
            guard openCount - shared.closed.count < connectionLimit || makeRoom() else { return pauseListening() }
            var address = sockaddr_storage()
            let descriptor = martlet_accept(listener.descriptor, &address)
            guard descriptor >= 0 else {
                switch errno {
                case EAGAIN: return
                case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                    acceptsAt = shared.now + 100
                    return pauseListening()
                default: continue
                }
            }
            open(descriptor, from: listener.peer(of: &address))
        }
    }

    private func open(_ descriptor: Int32, from peer: PeerAddress) {
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        // What readers do not read waits in our memory, which has a bound, and not by megabytes in the kernel's.
        var most = Self.mostUnsent
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, &most, socklen_t(MemoryLayout<Int32>.size))
        let connection = SocketConnection(descriptor, peer: peer, on: shared)
        let place = Unmanaged.passRetained(connection).toOpaque()
        openCount += 1
        mostOpen = max(mostOpen, openCount)
        let kinds = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        if !watch(descriptor, kinds, mark: UInt64(UInt(bitPattern: place))) { connection.close() }
    }

    /// Ends a connection that has no request, for a new one.
    private func makeRoom() -> Bool {
        guard let node = shared.deadlines.leastMissed(at: shared.now) else { return false }
        shared.counters.evictions.add(1)
        node.pointee.connection.giveUpPlace()
        return true
    }

    private func pauseListening() {
        guard isListening else { return }
        isListening = false
        shared.counters.acceptPauses.add(1)
        for listener in listeners { watch(listener.descriptor, 0, mark: 0, EPOLL_CTL_MOD) }
    }

    private func listenAgain() {
        guard !isListening, !shared.isStopping, acceptsAt <= shared.now else { return }
        guard openCount < connectionLimit || shared.deadlines.leastMissed(at: shared.now) != nil else {
            // Some will have had their time then.
            acceptsAt = shared.now + 100
            return
        }
        isListening = true
        for (index, listener) in listeners.enumerated() {
            watch(
                listener.descriptor, EPOLLIN.rawValue, mark: Self.firstListenerMark + UInt64(index), EPOLL_CTL_MOD)
        }
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
        for listener in listeners {
            for _ in 0..<Int(SOMAXCONN) / Self.mostAccepts where isListening { accept(on: listener) }
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
        isListening = false
        for listener in listeners { close(listener.descriptor) }
    }
}

/// A socket that listens.
struct Listener: Sendable {
    let descriptor: Int32
    /// Whether it is a Unix socket.
    let isLocal: Bool

    fileprivate func peer(of address: inout sockaddr_storage) -> PeerAddress {
        if isLocal { return .local }
        return withUnsafePointer(to: &address) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { PeerAddress($0) }
        }
    }
}
