/// All connections of a loop, in one list for each phase, ordered by the time when they entered it.
///
/// All connections of a phase have the same time limit, so the list is also in the order in which they expire. Only its
/// head must be checked, however many wait behind it.
struct DeadlineLists: ~Copyable {
    typealias Node = UnsafeMutablePointer<DeadlineNode>

    private let heads: UnsafeMutablePointer<Node?>
    private let tails: UnsafeMutablePointer<Node?>

    init() {
        heads = .allocate(capacity: ConnectionPhase.allCases.count)
        tails = .allocate(capacity: ConnectionPhase.allCases.count)
        heads.initialize(repeating: nil, count: ConnectionPhase.allCases.count)
        tails.initialize(repeating: nil, count: ConnectionPhase.allCases.count)
    }

    deinit {
        heads.deallocate()
        tails.deallocate()
    }

    /// The connection that has been longest in a phase.
    func oldest(_ phase: ConnectionPhase) -> Node? {
        heads[phase.rawValue]
    }

    func move(_ node: Node, to phase: ConnectionPhase, at now: UInt64) {
        remove(node)
        add(node, to: phase, at: now)
    }

    func add(_ node: Node, to phase: ConnectionPhase, at now: UInt64) {
        let list = phase.rawValue
        node.pointee.phase = phase
        node.pointee.since = now
        node.pointee.next = nil
        node.pointee.previous = tails[list]
        if let tail = tails[list] { tail.pointee.next = node } else { heads[list] = node }
        tails[list] = node
    }

    func remove(_ node: Node) {
        let list = node.pointee.phase.rawValue
        let previous = node.pointee.previous
        let next = node.pointee.next
        if let previous { previous.pointee.next = next } else { heads[list] = next }
        if let next { next.pointee.previous = previous } else { tails[list] = previous }
    }
}

extension DeadlineLists {
    /// When the next connection runs out of time; `UInt64.max` when none will.
    func next(_ limits: DeadlineLimits) -> UInt64 {
        var next = UInt64.max
        for phase in ConnectionPhase.allCases {
            if let node = oldest(phase) { next = min(next, node.pointee.since + limits.limit(phase)) }
        }
        return next
    }

    /// Tells the connections whose time is up. A body or an answer that moved enough bytes gets another span.
    func expire(_ limits: DeadlineLimits, at now: UInt64) {
        for phase in ConnectionPhase.allCases {
            while let node = oldest(phase), node.pointee.since + limits.limit(phase) <= now {
                if let required = limits.requiredProgress(phase) {
                    let total = node.pointee.connection.progress
                    let progress = total - min(total, node.pointee.progress)
                    node.pointee.progress = total
                    if progress >= required {
                        move(node, to: phase, at: now)
                        continue
                    }
                }
                node.pointee.connection.expire()
            }
        }
    }

    /// A connection that may be closed for a new one: the oldest of the phase that matters least. Those over the Unix
    /// socket, of which there are few, take no places of others and so are passed over.
    func leastMissed(at now: UInt64) -> Node? {
        for phase in ConnectionPhase.fromLeastMissed {
            guard let stay = phase.leastStay else { continue }
            var node = oldest(phase)
            // Of those that may stay for other reasons not all are looked at.
            for _ in 0..<64 {
                guard let some = node, some.pointee.since + stay <= now else { break }
                let connection = some.pointee.connection
                if !connection.peer.isLocal, connection.canBeMissed { return some }
                node = some.pointee.next
            }
        }
        return nil
    }
}

/// A connection's place in the deadline lists. It has memory of its own, so that relinking does not count references.
struct DeadlineNode {
    var previous: UnsafeMutablePointer<DeadlineNode>?
    var next: UnsafeMutablePointer<DeadlineNode>?
    var phase: ConnectionPhase
    /// When the phase, or its current span, began: milliseconds of ``MonotonicClock``.
    var since: UInt64
    /// Bytes taken in or acknowledged when the current span began.
    var progress: UInt64 = 0
    unowned(unsafe) let connection: Connection
}
