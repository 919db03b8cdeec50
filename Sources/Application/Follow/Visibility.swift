internal import Synchronization
internal import Threads

/// How far the read models have come, and the callers that wait for them.
final class Visibility: Sendable {
    private struct Waiter {
        let position: UInt64
        let ticket: UInt64
        let body: @Sendable (Bool) -> Void
    }

    private struct State {
        var position: UInt64
        var hasEnded = false
        var nextTicket: UInt64 = 0
        // In the order of positions. A new one is nearly always appended at the end.
        var waiting: [Waiter] = []
        var obstacle: String?
    }

    private let state: Guarded<State>
    /// The position again, for everybody who only wants to know it.
    private let shown: Atomic<UInt64>

    init(_ position: UInt64) {
        state = Guarded(State(position: position))
        shown = Atomic(position)
    }

    /// The position that queries reflect.
    var position: UInt64 { shown.load(ordering: .acquiring) }

    /// Why the read models cannot be written at present; `nil` while all is well. Writing is tried again and again.
    var obstacle: String? { state.withLock { $0.obstacle } }

    /// Calls `body` once queries reflect a position: at once on this thread, or later on the thread of the projection.
    /// It must not block. It gets `false` when the read models have stopped for good before that position.
    ///
    /// - Returns: a ticket to cancel the wait with, or `nil` if `body` was called.
    @discardableResult
    func when(_ position: UInt64, _ body: @escaping @Sendable (Bool) -> Void) -> VisibilityTicket? {
        let (ticket, isReached) = state.withLock { state -> (VisibilityTicket?, Bool) in
            guard state.position < position, !state.hasEnded else { return (nil, state.position >= position) }
            state.nextTicket += 1
            let waiter = Waiter(position: position, ticket: state.nextTicket, body: body)
            var index = state.waiting.count
            while index > 0, state.waiting[index - 1].position > position { index -= 1 }
            state.waiting.insert(waiter, at: index)
            return (VisibilityTicket(number: state.nextTicket), false)
        }
        if ticket == nil { body(isReached) }
        return ticket
    }

    /// Cancels a wait.
    ///
    /// - Returns: whether it was still waiting. If not, its body was called or is being called.
    @discardableResult
    func cancel(_ ticket: VisibilityTicket) -> Bool {
        state.withLock { state in
            guard let index = state.waiting.firstIndex(where: { $0.ticket == ticket.number }) else { return false }
            state.waiting.remove(at: index)
            return true
        }
    }

    /// Notes how far the read models have come, and calls the bodies that waited for it.
    func advance(to position: UInt64) {
        let ready = state.withLock { state -> [Waiter] in
            state.position = max(state.position, position)
            shown.store(state.position, ordering: .releasing)
            state.obstacle = nil
            let count = state.waiting.firstIndex { $0.position > position } ?? state.waiting.count
            let ready = Array(state.waiting[..<count])
            state.waiting.removeFirst(count)
            return ready
        }
        for waiter in ready { waiter.body(true) }
    }

    /// Notes why the read models cannot be written at present, until they come further.
    ///
    /// - Returns: whether this is new.
    func hold(because reason: String) -> Bool {
        state.withLock { state in
            defer { state.obstacle = reason }
            return state.obstacle != reason
        }
    }

    /// Notes that the read models will not come further, and tells all that wait.
    func end() {
        let left = state.withLock { state -> [Waiter] in
            state.hasEnded = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiter in left { waiter.body(false) }
    }
}
