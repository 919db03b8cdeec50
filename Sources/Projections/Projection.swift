internal import LMDB
public import Threads

/// Brings all read models forward, batch by batch: asks every projector for its changes and writes them in one
/// transaction.
///
/// The projectors share this actor's thread when there is one, so that a small live batch needs no hop between threads;
/// with two threads they work on a batch in parallel, as a rebuild wants.
public actor Projection {
    private let store: ViewStore
    private let threads: [ThreadExecutor]
    private let projectors: [(model: ReadModel, projector: any Projector)]
    private let states: ProjectionStates
    private var position: UInt64

    public nonisolated var unownedExecutor: UnownedSerialExecutor { threads[0].asUnownedSerialExecutor() }

    /// Prepares to go on from a position.
    ///
    /// - Parameters:
    ///   - store: what to build; nobody else may write to it.
    ///   - position: what the store's checkpoints are at.
    ///   - threads: at least one; this actor runs on the first.
    ///   - states: is told when a read model stops.
    public init(_ store: ViewStore, from position: UInt64, on threads: [ThreadExecutor], states: ProjectionStates) {
        self.store = store
        self.position = position
        self.threads = threads
        self.states = states
        func thread(_ index: Int) -> ThreadExecutor { threads[index % threads.count] }
        projectors = [
            (.accounts, AccountsProjector(store, on: thread(0))),
            (.media, MediaProjector(store, on: thread(0))),
            (.posts, PostsProjector(store, on: thread(1))),
            (.likes, LikesProjector(store, on: thread(0))),
            (.follows, FollowsProjector(store, on: thread(0))),
        ]
    }

    /// Applies a batch to every read model that has not stopped.
    ///
    /// A projector that cannot apply it stops where it is, with those that depend on it; the others go on.
    ///
    /// - Throws: when the views cannot be written; nothing of the batch is applied then, and it can be tried again.
    public func apply(_ batch: EventBatch) async throws {
        precondition(batch.start == position, "the batch begins after \(batch.start), the views are at \(position)")
        let running = projectors.filter { !states.isStopped($0.model) }
        let results = threads.count == 1 ? await inTurn(running, batch) : await inParallel(running, batch)
        var changes: [RowChanges] = []
        var applied: [ReadModel] = []
        for (model, result) in results {
            switch result {
            case .success(let rows) where !model.dependencies.contains { states.isStopped($0) }:
                changes += rows
                applied.append(model)
            case .success:
                states.stop(model, at: position, because: "it needs a read model that has stopped")
            case .failure(let error as LMDBError): throw error
            case .failure(let error):
                states.stop(model, at: position, because: "\(error)")
            }
        }
        try store.apply(changes, end: batch.end, to: applied)
        position = batch.end
    }

    private typealias Answer = (ReadModel, Result<[RowChanges], any Error>)

    private func inTurn(
        _ running: [(model: ReadModel, projector: any Projector)], _ batch: EventBatch
    ) async -> [Answer] {
        var answers: [Answer] = []
        for (model, projector) in running { answers.append(await Self.ask(projector, model, batch)) }
        return answers
    }

    private func inParallel(
        _ running: [(model: ReadModel, projector: any Projector)], _ batch: EventBatch
    ) async -> [Answer] {
        await withTaskGroup(of: Answer.self) { group in
            for (model, projector) in running { group.addTask { await Self.ask(projector, model, batch) } }
            var answers: [Answer] = []
            for await answer in group { answers.append(answer) }
            // In the order of dependencies, so that what depends on a stopped read model stops in the same batch.
            return answers.sorted { $0.0.rawValue < $1.0.rawValue }
        }
    }

    private static func ask(
        _ projector: any Projector, _ model: ReadModel, _ batch: EventBatch
    ) async -> Answer {
        do {
            return (model, .success(try await projector.changes(for: batch)))
        } catch {
            return (model, .failure(error))
        }
    }
}
