internal import EventLog
internal import Projections
internal import Threads

/// A new generation, built up to a position and ready to take the place of the one in use.
final class GenerationOffer: Sendable {
    let generation: ViewGeneration
    private let reached: Guarded<Position>

    init(_ generation: ViewGeneration, at position: Position) {
        self.generation = generation
        reached = Guarded(position)
    }

    /// How far its read models are.
    var position: Position { reached.withLock { $0 } }

    /// Brings the generation up to a position, on the caller's thread, but for the projectors.
    ///
    /// - Throws: the reason why a read model cannot go on, or why the log cannot be read or the views not be written.
    func catchUp(
        to last: Position, from log: any LogSource, on threads: [ThreadExecutor],
        isolation: isolated (any Actor)? = #isolation
    ) async throws {
        try await LogReplay.follow(generation.store, from: log, after: position, until: last, on: threads) { end in
            reached.withLock { $0 = end }
        }
    }
}
