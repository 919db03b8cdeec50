import CMicrohttpd

/// One TCP connection, from accept to close. Only its loop's thread uses it.
final class Connection {
    // `unowned(unsafe)` because the loop closes all of its connections before it goes away.
    unowned(unsafe) let loop: EventLoop
    /// The library's handle, valid until the connection is closed.
    let handle: OpaquePointer
    let descriptor: Int32
    private(set) var node: DeadlineLists.Node

    /// The request under way, from its complete header to the end of its answer.
    var exchange: Exchange?

    /// Whether the current request line holds `%00`. The decoded path would end there too early.
    var hasZeroByteInTarget = false

    /// Whether unread bytes may remain at the close. They would make the kernel drop the answer on its way.
    var lingers = false

    init(_ handle: OpaquePointer, descriptor: Int32, loop: EventLoop, at now: UInt64) {
        self.loop = loop
        self.handle = handle
        self.descriptor = descriptor
        node = .allocate(capacity: 1)
        node.initialize(to: DeadlineNode(phase: .opening, since: now, connection: self))
    }

    deinit {
        node.deallocate()
    }

    /// Enters another phase, whose time starts now. A connection that was cut off stays cut off.
    func enter(_ phase: ConnectionPhase) {
        guard node.pointee.phase != .ending else { return }
        loop.deadlines.move(node, to: phase, at: loop.now)
    }
}
