internal import EventLog
internal import Projections
internal import Threads

/// One rebuild: the next generation of read models is built from the log, beside the one in use.
///
/// All of it blocks, so it has threads of its own. In a server these have a lower priority than the threads that
/// answer.
actor Rebuild {
    private let log: LMDBEventLog
    private let source: LogEvents
    private let generations: ViewGenerations
    private let memory: Int
    private let threads: RebuildThreads
    nonisolated var unownedExecutor: UnownedSerialExecutor { threads.projecting.asUnownedSerialExecutor() }

    /// How many events may be missing when a generation is offered. This many are projected in a millisecond or two.
    private static let nearly: UInt64 = 32
    /// How often catching up is tried before twice as many events may be missing.
    private static let rounds = 16
    /// How long to wait for readers that have not released a generation.
    private static let patience = Duration.seconds(10)

    /// - Parameter sharing: whether there is other work with a higher priority.
    init(_ log: LMDBEventLog, _ generations: ViewGenerations, memory: Int, sharing: Bool) {
        self.log = log
        source = LogEvents(log, log.keys)
        self.generations = generations
        self.memory = memory
        threads = RebuildThreads(niceness: sharing ? 10 : 0)
    }

    /// Builds a generation, until almost nothing is missing.
    ///
    /// - Parameter progress: gets the part that is done, from 0 to 1, on any thread; what it throws ends the rebuild.
    func build(_ progress: @escaping @Sendable (Double) throws -> Void) async throws -> GenerationOffer {
        let head = log.head.position
        let next = try await generations.build { store in
            try await LogRebuild.build(
                store, from: source, until: head, memory: memory, on: threads, progress: progress)
        }
        do {
            let offer = GenerationOffer(next, at: head)
            var (nearly, round) = (Self.nearly, 0)
            while log.head.position > offer.position + nearly {
                try progress(1)
                try await offer.catchUp(to: log.head.position, from: source, on: [threads.projecting])
                round += 1
                // Events may come faster than a thread of low priority projects them. Then the follower does the rest.
                if round % Self.rounds == 0 { nearly *= 2 }
            }
            return offer
        } catch {
            discard(next)
            throw error
        }
    }

    /// Makes the change of generations durable. After that the files of the old one are removed.
    func settle() throws { try generations.settle() }

    /// Frees the space of the old generation, once all readers have released it.
    func closeRetired() {
        let deadline = ContinuousClock.now + Self.patience
        generations.closeRetired { !log.isClosed && .now < deadline }
    }

    /// Removes what was built and is not needed. If this fails, the next start or the next rebuild removes it.
    func discard(_ generation: ViewGeneration) { try? generations.remove(generation) }

    /// Ends the threads. It must not be used afterwards.
    nonisolated func stop() { threads.stop() }
}

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

    /// Brings the generation up to a position, on the caller's thread; the projectors have their own.
    ///
    /// - Throws: the reason why a read model cannot go on, or why the log cannot be read or the views not be written.
    func catchUp(
        to last: Position, from source: LogEvents, on threads: [ThreadExecutor],
        isolation: isolated (any Actor)? = #isolation
    ) async throws {
        try await LogRebuild.follow(generation.store, from: source, after: position, until: last, on: threads) { end in
            reached.withLock { $0 = end }
        }
    }
}
