internal import LMDB
internal import Sorting
internal import Threads

/// The actor that owns a projector and runs it on its thread, live and in a rebuild.
actor ProjectorActor {
    nonisolated let model: ReadModel
    private let type: any Projector.Type
    private let store: ViewStore
    private let context: ProjectorContext
    private let executor: ThreadExecutor
    private lazy var gathering = type.init(context)
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameter context: may be shared only with projectors on the same thread.
    init(_ model: ReadModel, _ store: ViewStore, _ context: ProjectorContext, on executor: ThreadExecutor) {
        self.model = model
        self.store = store
        self.context = context
        self.executor = executor
        type = model.projector
    }

    /// The changes of a batch in the present views. The context's reader goes on seeing these views until it is released.
    func changes(for batch: EventBatch) throws -> [RowChanges] {
        context.batch = batch
        defer { context.batch = nil }
        let projector = type.init(context)
        let rows = RowSink()
        try projector.take(batch.events)
        // Most batches mean nothing to most projectors.
        guard projector.gathered.contains(where: { !$0.isEmpty }) else { return [] }
        let (reader, tables) = (context.reader ?? PageReader(store.environment), store.tables)
        context.reader = reader
        try reader.read { pages in
            try projector.emit(over: batch.start == 0 ? nil : ViewSnapshot(pages, tables), to: rows)
        }
        return try rows.finish()
    }

    /// Takes in a part of a batch that is too long for memory.
    func take(_ part: EventBatch) throws { try gathering.take(part.events) }

    /// How many entries were taken in for ``emit(_:)``.
    var gathered: Int { gathering.gathered.reduce(0) { $0 + $1.added } }

    /// Emits all that was taken in since the log's beginning, block by block.
    ///
    /// - Parameter write: takes a block, and how many of the ``gathered`` entries are done.
    func emit(_ write: @escaping (RowChanges, Int) throws -> Void) throws {
        let gathered = gathering.gathered
        let rows = RowSink(
            .init(unordered: context.unorderedBlock) { try write($0, gathered.reduce(0) { $0 + $1.drained }) })
        do {
            try gathering.emit(over: nil, to: rows)
        } catch let error as ProjectionError {
            throw RebuildError(model: model, reason: "\(error)")
        }
        _ = try rows.finish()
    }
}
