internal import CLinux
import Glibc

/// Accepts the connections of a loop, as long as there are places for them. Only the loop's thread uses it.
final class Acceptor {
    private let shared: ConnectionLoop
    private let poll: Epoll
    private var gates: [Gate]
    /// Connections over the Unix socket, few of them. They are looked for here, not among thousands of others.
    private var localConnections: [SocketConnection] = []
    private var hasStopped = false

    private static let mostAccepts = 64
    /// How many bytes of answers the kernel may hold unsent for a connection.
    private static let mostUnsent: Int32 = 1 << 17
    private static let firstMark: UInt64 = 1

    init(_ listeners: [Listener], _ shared: ConnectionLoop, _ poll: Epoll) {
        self.shared = shared
        self.poll = poll
        gates = listeners.map { Gate(listener: $0) }
        for index in gates.indices { watchGate(index, isKnown: false) }
    }

    /// How many connections have been accepted and not dropped.
    var openCount: Int { gates.reduce(0) { $0 + $1.openCount } }

    /// When to listen again where that was given up for a while; `UInt64.max` for never.
    var nextAccept: UInt64 {
        if shared.isStopping { return .max }
        return gates.reduce(UInt64.max) { $1.isOpen ? $0 : min($0, $1.acceptsAt) }
    }

    /// Whether an event with this mark is of a listener.
    func isMark(_ mark: UInt64) -> Bool { mark < Self.firstMark + UInt64(gates.count) }

    /// Accepts what waits at the listener with this mark.
    func accept(_ mark: UInt64) { accept(at: Int(mark - Self.firstMark)) }

    /// Accepts what waits in the kernel's queues before they are closed: it was promised to be served.
    func acceptWaiting() {
        for index in gates.indices {
            for _ in 0..<Int(SOMAXCONN) / Self.mostAccepts where gates[index].isOpen { accept(at: index) }
        }
    }

    /// Lets go of connections that were closed in this turn.
    func dropClosed() {
        guard !shared.closed.isEmpty else { return }
        for connection in shared.closed {
            let connection = unsafeDowncast(connection, to: SocketConnection.self)
            gates[connection.gate].openCount -= 1
            if connection.peer.isLocal { localConnections.removeAll { $0 === connection } }
            Unmanaged.passUnretained(connection).release()
        }
        shared.closed.removeAll(keepingCapacity: true)
    }

    /// Listens where there are places again.
    func listenAgain() {
        guard !shared.isStopping else { return }
        for index in gates.indices where !gates[index].isOpen && gates[index].acceptsAt <= shared.now {
            guard !gates[index].isFull || leastMissed(at: index) != nil else {
                // Some will have had their time then.
                gates[index].acceptsAt = shared.now + 100
                continue
            }
            gates[index].isOpen = true
            watchGate(index)
        }
    }

    /// Closes all listeners.
    func stopListening() {
        guard !hasStopped else { return }
        hasStopped = true
        for gate in gates { close(gate.listener.descriptor) }
    }

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
        if !poll.watch(descriptor, kinds, mark: UInt64(UInt(bitPattern: place))) { connection.close() }
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
            let oldest = localConnections.filter { $0.phase == phase && $0.canBeMissed }
                .min { $0.node.pointee.since < $1.node.pointee.since }
            if let oldest, oldest.node.pointee.since + stay <= shared.now { return oldest }
        }
        return nil
    }

    private func pause(_ index: Int) {
        guard gates[index].isOpen else { return }
        gates[index].isOpen = false
        shared.counters.acceptPauses.add(1)
        watchGate(index)
    }

    /// Waits for connections at a gate, or not, as it is open or not.
    private func watchGate(_ index: Int, isKnown: Bool = true) {
        let kinds = gates[index].isOpen ? EPOLLIN.rawValue : 0
        poll.watch(gates[index].listener.descriptor, kinds, mark: Self.firstMark + UInt64(index), isKnown: isKnown)
    }
}
