internal import HTTPServer
internal import Threads

/// An answer that another thread gives, or that is given when time runs out. The first one counts.
final class PendingAnswer: Sendable {
    private let suspension: Suspension
    private let deadline: ContinuousClock.Instant
    private let state = Guarded(State())
    private let expired: @Sendable () -> Response

    private struct State {
        var isOpen = true
        var onExpiry: (@Sendable () -> Void)?
    }

    /// - Parameter expired: makes the answer when time runs out.
    init(_ suspension: Suspension, until deadline: ContinuousClock.Instant, expired: @escaping @Sendable () -> Response)
    {
        self.suspension = suspension
        self.deadline = deadline
        self.expired = expired
    }

    /// Goes on with the exchange, unless time has run out. From any thread.
    func resume(_ body: @escaping @Sendable (Exchange) -> Void) {
        if end() != nil { suspension.resume(body) }
    }

    /// Sets what else to do when time runs out.
    func onExpiry(_ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.onExpiry = body }
    }

    /// Whether the answer is still due. Gives the answer for a timeout if time has run out.
    func isOpen(at now: ContinuousClock.Instant) -> Bool {
        guard state.withLock({ $0.isOpen }) else { return false }
        guard now >= deadline else { return true }
        if let state = end() {
            state.onExpiry?()
            let expired = expired
            suspension.resume { $0.respond(expired()) }
        }
        return false
    }

    private func end() -> State? {
        state.withLock { state in
            guard state.isOpen else { return nil }
            state.isOpen = false
            defer { state.onExpiry = nil }
            return state
        }
    }
}
