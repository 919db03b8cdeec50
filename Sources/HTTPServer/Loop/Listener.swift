import Glibc

/// A socket that listens, with places for its connections. Several on one loop do not take each other's places.
struct Listener: Sendable {
    let descriptor: Int32
    /// Whether it is a Unix socket.
    let isLocal: Bool
    /// The most connections that may be open at once.
    let connectionLimit: Int

    /// Whether a connection waits to be accepted.
    var hasWaiting: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) > 0
    }

    /// Where a connection comes from.
    ///
    /// - Parameter address: as `accept` gave it.
    func peer(of address: inout sockaddr_storage) -> PeerAddress {
        if isLocal { return .local }
        return withUnsafePointer(to: &address) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { PeerAddress($0) }
        }
    }
}

/// What a loop knows of one of its listeners.
struct Gate {
    let listener: Listener
    /// How many connections came by it and have not been dropped.
    var openCount = 0
    /// Whether the loop waits for connections.
    var isOpen = true
    /// Until then no connection is accepted: descriptors or memory ran out. Milliseconds of ``MonotonicClock``.
    var acceptsAt: UInt64 = 0

    var isFull: Bool { openCount >= listener.connectionLimit }
}
