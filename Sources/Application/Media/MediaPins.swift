internal import Microblog
internal import Threads

/// Counts who holds which content, and remembers what was held at any time during a sweep.
///
/// Why remember: the sweeper first asks a read model whether a content is in use, then removes the file. Between the two
/// an upload of the same bytes may come, be published and let go of its pin; the answer is then out of date.
final class MediaPins: Sendable {
    private struct State {
        var counts: [ContentHash: Int] = [:]
        var heldDuringSweep: Set<ContentHash>?
    }

    private let state = Guarded(State())

    func add(_ content: ContentHash) {
        state.withLock { state in
            state.counts[content, default: 0] += 1
            state.heldDuringSweep?.insert(content)
        }
    }

    func remove(_ content: ContentHash) {
        state.withLock { state in
            guard let count = state.counts[content] else { return }
            state.counts[content] = count == 1 ? nil : count - 1
        }
    }

    /// - Returns: `false` if another sweep is running.
    func beginSweep() -> Bool {
        state.withLock { state in
            guard state.heldDuringSweep == nil else { return false }
            state.heldDuringSweep = Set(state.counts.keys)
            return true
        }
    }

    func endSweep() {
        state.withLock { $0.heldDuringSweep = nil }
    }

    /// Runs the body, with no new pin in the meantime, if nobody held the content since the sweep began.
    ///
    /// - Returns: what the body returns; `nil` if somebody did.
    func unlessHeld<Failure: Error>(
        _ content: ContentHash, _ body: () throws(Failure) -> Bool
    ) throws(Failure) -> Bool? {
        try state.withLock { state throws(Failure) -> Bool? in
            guard state.heldDuringSweep?.contains(content) == false else { return nil }
            return try body()
        }
    }
}
