internal import Threads

/// A projector on a thread of its own: the actor that owns it, live and in a rebuild.
actor ProjectorActor {
    nonisolated let model: ReadModel
    private let type: any Projector.Type
    private let store: ViewStore
    private let context: ProjectorContext
    private let executor: ThreadExecutor
    private lazy var gathering = type.init(context)
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(
        _ model: ReadModel, _ store: ViewStore, _ log: any EventSource, _ workspace: Workspace,
        on executor: ThreadExecutor
    ) {
        self.model = model
        self.store = store
        self.executor = executor
        type = model.projector
        context = ProjectorContext(store.tables, log, workspace)
    }

    /// What a batch changes in the views as they are.
    func changes(for batch: EventBatch) throws -> [RowChanges] {
        context.batch = batch
        defer { context.batch = nil }
        let projector = type.init(context)
        let rows = RowSink()
        try projector.take(batch.events)
        try store.read { try projector.emit(over: batch.start == 0 ? nil : $0, to: rows) }
        return try rows.finish()
    }

    /// Takes in a part of a batch that is too long for memory.
    func take(_ part: EventBatch) throws { try gathering.take(part.events) }

    /// Emits all that was taken in since the log's beginning, piece by piece.
    func emit(_ write: @escaping (RowChanges) throws -> Void) throws {
        let rows = RowSink(write)
        try gathering.emit(over: nil, to: rows)
        _ = try rows.finish()
    }
}
