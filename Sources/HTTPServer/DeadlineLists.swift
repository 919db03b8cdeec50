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

    /// The connection that entered a phase last.
    func newest(_ phase: ConnectionPhase) -> Node? {
        tails[phase.rawValue]
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
