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

    /// Brings the generation up to a position.
    ///
    /// - Throws: the reason why a read model cannot go on, or why the log cannot be read or the views not be written.
    func catchUp(to last: Position, from log: any LogSource, on threads: [ThreadExecutor]) async throws {
        guard position < last else { return }
        let states = ProjectionStates()
        let projection = Projection(
            generation.store, LogEvents(log), from: position, on: threads, states: states)
        while position < last {
            let limit = min(last - position, UInt64(LogFollower.batchLimit))
            let batch = try EventBatch(after: position, of: log, limit: Int(limit))
            try await projection.apply(batch)
            if let stopped = states.all.first { throw stopped }
            reached.withLock { $0 = batch.end }
        }
    }
}
