internal import LMDB
public import Threads

/// Brings all read models forward, batch by batch. It asks every projector for its changes and writes them in one
/// transaction.
///
/// The projectors share this actor's thread when there is one, so that a small live batch needs no hop between threads;
/// with two threads they work on a batch in parallel, which speeds up catching up.
public actor Projection {
    private let store: ViewStore
    private let threads: [ThreadExecutor]
    private let contexts: [ProjectorContext]
    private let projectors: [ProjectorActor]
    private let states: ProjectionStates
    private var position: UInt64

    public nonisolated var unownedExecutor: UnownedSerialExecutor { threads[0].asUnownedSerialExecutor() }

    /// Prepares to go on from a position.
    ///
    /// - Parameters:
    ///   - store: what to build; nobody else may write to it.
    ///   - log: where projectors look events up again.
    ///   - position: the position of the store's checkpoints.
    ///   - threads: at least one; this actor runs on the first.
    ///   - states: is told when a read model stops.
    public init(
        _ store: ViewStore, _ log: any EventSource, from position: UInt64, on threads: [ThreadExecutor],
        states: ProjectionStates
    ) {
        self.store = store
        self.position = position
        self.threads = threads
        self.states = states
        let contexts = threads.map { _ in ProjectorContext(store.tables, log, .live(store.directory)) }
        self.contexts = contexts
        projectors = ReadModel.allCases.map { model in
            let thread = model.projector.load == .heaviest ? threads.count - 1 : 0
            return ProjectorActor(model, store, contexts[thread], on: threads[thread])
        }
    }

    /// Applies a batch to every read model that has not stopped.
    ///
    /// A projector that cannot apply it stops where it is. The others go on.
    ///
    /// - Parameter confirm: called when all is ready, before anybody can see it. It may block. If it throws, nothing of
    ///   the batch is applied.
    /// - Throws: when the views cannot be written, or what `confirm` throws. Then nothing of the batch is applied, and it
    ///   can be tried again.
    public func apply(_ batch: EventBatch, confirm: @Sendable () throws -> Void = {}) async throws {
        precondition(batch.start == position, "the batch begins after \(batch.start), the views are at \(position)")
        let running = projectors.filter { !states.isStopped($0.model) }
        let results = threads.count == 1 ? inTurn(running, batch) : await inParallel(running, batch)
        // Else the pages that they saw could not be used again.
        for context in contexts { context.reader?.release() }
        var changes: [RowChanges] = []
        var applied: [ReadModel] = []
        var stopped: [(ReadModel, any Error)] = []
        for (model, result) in results {
            switch result {
            case .success(let rows):
                changes += rows
                applied.append(model)
            case .failure(let error as LMDBError): throw error
            case .failure(let error): stopped.append((model, error))
            }
        }
        try store.apply(changes, end: batch.end, to: applied) {
            try confirm()
            for (model, error) in stopped { states.stop(model, at: position, because: "\(error)") }
        }
        position = batch.end
    }

    private typealias Projected = (ReadModel, Result<[RowChanges], any Error>)

    private func inTurn(_ running: [ProjectorActor], _ batch: EventBatch) -> [Projected] {
        // All are on this actor's thread, so they are entered without a hop: `await` would go by way of the Swift pool.
        running.map { projector in
            projector.assumeIsolated { projector in
                (projector.model, Result { try projector.changes(for: batch) })
            }
        }
    }

    private func inParallel(_ running: [ProjectorActor], _ batch: EventBatch) async -> [Projected] {
        await withTaskGroup(of: Projected.self) { group in
            for projector in running { group.addTask { await Self.ask(projector, batch) } }
            var results: [Projected] = []
            for await result in group { results.append(result) }
            return results
        }
    }

    private static func ask(_ projector: ProjectorActor, _ batch: EventBatch) async -> Projected {
        do {
            return (projector.model, .success(try await projector.changes(for: batch)))
        } catch {
            return (projector.model, .failure(error))
        }
    }
}
