internal import LMDB
public import Threads

/// Builds the read models of an empty store from the beginning of a log: one batch that is as long as the log.
///
/// First it takes all events in, in parts. Both threads read and decode parts, and each takes all of them in for its
/// projectors. Every projector keeps what it needs, sorted, and uses the disk when memory is full. Then each projector
/// emits its rows on one thread, mostly in key order, while another thread appends them to the tables. So neither the
/// cost of an event nor the memory grows with the log.
public actor ViewRebuild {
    private let store: ViewStore
    private let share: ProjectorShare
    private let context: ProjectorContext
    private let writer: RowWriter
    private let blocksWaiting: Int
    private let executor: ThreadExecutor
    private var position: UInt64 = 0

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// How many parts may be in memory at once.
    private static let partsAhead = 8

    /// Prepares to build.
    ///
    /// - Parameters:
    ///   - store: must be empty, and nobody else may write to it.
    ///   - log: where projectors look events up again.
    ///   - memory: how many bytes may be used. What does not fit goes to nameless files in the store's directory.
    ///   - projecting: the projectors' thread.
    ///   - writing: the thread that writes the tables. The projectors with the least work share it, so that both have
    ///     about the same work.
    public init(
        _ store: ViewStore, _ log: any EventSource, memory: Int, projecting: ThreadExecutor, writing: ThreadExecutor
    ) {
        self.store = store
        executor = projecting
        let workspace = Workspace(directory: store.directory, memory: memory)
        func share(_ models: [ReadModel], on thread: ThreadExecutor) -> (ProjectorShare, ProjectorContext) {
            let context = ProjectorContext(store.tables, log, workspace)
            return (ProjectorShare(models.map { ProjectorActor($0, store, context, on: thread) }, context), context)
        }
        // The heaviest comes last: the other thread can help it when it has nothing to write. By then it has also opened
        // many of the keys that are needed.
        let heaviestLast = ReadModel.allCases.sorted { $0.projector.load < $1.projector.load }
        (self.share, context) = share(heaviestLast.filter { $0.projector.load != .light }, on: projecting)
        let (light, _) = share(heaviestLast.filter { $0.projector.load == .light }, on: writing)
        writer = RowWriter(store, light, on: writing)
        blocksWaiting = workspace.blocksWaiting
    }

    /// Takes in the whole log, from its first event on.
    ///
    /// - Parameters:
    ///   - parts: how many parts the log has.
    ///   - read: reads and decodes the part with a number, from 0. Both threads call it, at the same time.
    ///   - progress: gets the position that was reached, on the projectors' thread.
    /// - Throws: what `read` and `progress` throw; the reason why the disk cannot be used for sorting.
    public func take(
        _ parts: Int, _ read: @escaping @Sendable (Int) throws -> EventBatch,
        _ progress: (UInt64) throws -> Void = { _ in }
    ) async throws {
        let relay = PartRelay<EventBatch>(parts, takers: 2, ahead: Self.partsAhead)
        async let other: Void = writer.take(relay, read)
        var failure: (any Error)?
        do {
            try share.take(from: relay, as: 0, read) { part in
                precondition(part.start == position, "a part begins after \(part.start), the rebuild is at \(position)")
                context.learnAccounts(part)
                position = part.end
                try progress(position)
            }
        } catch {
            failure = error
        }
        try await other
        if let failure { throw failure }
    }

    /// Writes all rows, and notes that the read models are at the last event that was taken in.
    ///
    /// - Parameter progress: gets the part that is done, from 0 to 1, on the projectors' thread.
    /// - Throws: ``RebuildError`` when an event cannot be applied; the reason why the log cannot be read or the rows
    ///   cannot be written.
    public func finish(_ progress: @escaping @Sendable (Double) throws -> Void) async throws {
        let blocks = Mailbox<RowChanges>()
        async let writing: Void = writer.write(blocks, helping: share)
        var failure: (any Error)?
        let limit = blocksWaiting
        do {
            let whole = max(1, share.gathered)
            try share.emit { block, emitted in
                try progress(Double(emitted) / Double(whole))
                // The writer closes its mailbox when it fails, and reports the reason itself.
                guard blocks.putWaiting(block, limit: limit) else { throw CancellationError() }
            }
        } catch {
            failure = error
        }
        blocks.close()
        if failure == nil { writer.share.help(waits: true) }
        try await writing
        if let failure { throw failure }
        // Only the read models that have emitted their rows: one that nobody built must not look complete.
        try store.apply([], end: position, to: share.models + writer.models)
        try progress(1)
    }
}

/// Why a read model cannot be built: an event that its projector cannot apply.
public struct RebuildError: Error, Sendable, CustomStringConvertible {
    /// Which read model.
    public let model: ReadModel
    /// The event, and what is wrong with it.
    public let reason: String

    /// One line for people.
    public var description: String { "read model \(model.name) cannot be built: \(reason)" }
}
