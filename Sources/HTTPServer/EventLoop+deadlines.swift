import CMicrohttpd
import Glibc

extension EventLoop {
    /// When the next connection runs out of time; `UInt64.max` when none will.
    func nextDeadline() -> UInt64 {
        var next = UInt64.max
        for phase in ConnectionPhase.allCases {
            guard let limit = limits.limit(phase), let node = deadlines.oldest(phase) else { continue }
            next = min(next, node.pointee.since + limit)
        }
        return next
    }

    /// Cuts off the connections whose time is up.
    func expireDeadlines() {
        for phase in ConnectionPhase.allCases {
            guard let limit = limits.limit(phase) else { continue }
            while let node = deadlines.oldest(phase), node.pointee.since + limit <= now {
                if hasProgressed(node, in: phase) {
                    deadlines.move(node, to: phase, at: now)
                } else {
                    if phase != .idle { inbox.counters.deadlineCloses.add(1) }
                    cutOff(node)
                }
            }
        }
        if lingering.nextDeadline <= now { lingering.expire(at: now) }
    }

    /// Makes the library close a connection, by shutting the socket down. Only the library may close it.
    func cutOff(_ node: DeadlineLists.Node) {
        deadlines.move(node, to: .ending, at: now)
        shutdown(node.pointee.connection.descriptor, Int32(SHUT_RDWR))
    }

    private func hasProgressed(_ node: DeadlineLists.Node, in phase: ConnectionPhase) -> Bool {
        let connection = node.pointee.connection
        let total: UInt64
        switch phase {
        case .body: total = connection.exchange?.receivedCount ?? 0
        case .response: total = martlet_bytes_acknowledged(connection.descriptor)
        default: return false
        }
        let progress = total &- node.pointee.progress
        node.pointee.progress = total
        return progress > 0 && progress >= limits.requiredProgress(phase)
    }
}
