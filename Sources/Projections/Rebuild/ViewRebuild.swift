internal import LMDB
public import Threads

/// Builds the read models of an empty store from the beginning of a log: one batch that is as long as the log.
///
/// First it takes all events in, in parts. Every projector keeps what it needs, sorted, and uses the disk when memory
/// is full. Then each projector emits its rows on one thread, mostly in key order, while another thread appends them to
/// the tables. So neither the cost of an event nor the memory grows with the log.
public actor ViewRebuild {
    private let store: ViewStore
    private let projectors: [ProjectorActor]
    /// The projectors with the least work share the writer's thread, so that both threads have about the same work.
    private let besideWriter: [ProjectorActor]
    private let context: ProjectorContext
    private let writer: RowWriter
    private let blocksWaiting: Int
    private let executor: ThreadExecutor
    private var position: UInt64 = 0

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Prepares to build.
    ///
    /// - Parameters:
    ///   - store: must be empty, and nobody else may write to it.
    ///   - log: where projectors look events up again.
    ///   - memory: how many bytes may be used. What does not fit goes to nameless files in the store's directory.
    ///   - projecting: the projectors' thread.
    ///   - writing: the thread that writes the tables. Not used while events are taken in.
    public init(
        _ store: ViewStore, _ log: any EventSource, memory: Int, projecting: ThreadExecutor, writing: ThreadExecutor
    ) {
        self.store = store
        executor = projecting
        writer = RowWriter(store, on: writing)
        let workspace = Workspace(directory: store.directory, memory: memory)
        let context = ProjectorContext(store.tables, log, workspace)
        self.context = context
        let beside = ProjectorContext(store.tables, log, workspace)
        // The heaviest comes first. So at the end there are few blocks for which only the writer works.
        let heaviestFirst = ReadModel.allCases.sorted { $0.projector.load > $1.projector.load }
        projectors = heaviestFirst.filter { $0.projector.load != .light }
            .map { ProjectorActor($0, store, context, on: projecting) }
        besideWriter = heaviestFirst.filter { $0.projector.load == .light }
            .map { ProjectorActor($0, store, beside, on: writing) }
        blocksWaiting = workspace.blocksWaiting
    }

    /// Takes in the next events of the log.
    public func take(_ part: EventBatch) async throws {
        precondition(part.start == position, "the part begins after \(part.start), the rebuild is at \(position)")
        context.learnAccounts(part)
        for projector in projectors + besideWriter { try await projector.take(part) }
        position = part.end
    }

    /// Writes all rows, and notes that the read models are at the last event that was taken in.
    ///
    /// - Parameter progress: gets the part that is done, from 0 to 1, on the projectors' thread.
    /// - Throws: ``RebuildError`` when an event cannot be applied; the reason why the log cannot be read or the rows
    ///   cannot be written.
    public func finish(_ progress: @escaping @Sendable (Double) throws -> Void) async throws {
        let blocks = Mailbox<RowChanges>()
        async let writing: Void = writer.write(besideWriter, blocks)
        var failure: (any Error)?
        let limit = blocksWaiting
        do {
            let whole = max(1, await gathered())
            var done = 0
            for projector in projectors {
                let before = done
                let part = await projector.gathered
                try await projector.emit { block, emitted in
                    try progress(Double(before + emitted) / Double(whole))
                    // The writer closes its mailbox when it fails, and reports the reason itself.
                    guard blocks.putWaiting(block, limit: limit) else { throw CancellationError() }
                }
                done += part
            }
        } catch {
            failure = error
        }
        blocks.close()
        try await writing
        if let failure { throw failure }
        // Only the read models that have emitted their rows: one that nobody built must not look complete.
        try store.apply([], end: position, to: (projectors + besideWriter).map(\.model))
        try progress(1)
    }

    private func gathered() async -> Int {
        var sum = 0
        for projector in projectors { sum += await projector.gathered }
        return sum
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

/// Writes blocks of row changes to a store as they come.
private actor RowWriter {
    private let store: ViewStore
    private let executor: ThreadExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// LMDB keeps the pages that a transaction changed in memory until it commits.
    private static let bytesPerCommit = 32 << 20

    init(_ store: ViewStore, on executor: ThreadExecutor) {
        self.store = store
        self.executor = executor
    }

    /// Writes what the given projectors on this thread emit. Then writes the blocks that come, until the mailbox is
    /// closed and empty. If it fails, it closes the mailbox itself.
    func write(_ projectors: [ProjectorActor], _ blocks: Mailbox<RowChanges>) async throws {
        do {
            let environment = store.environment
            for projector in projectors {
                try await projector.emit { block, _ in try environment.write { try block.apply(in: $0) } }
            }
            var isOpen = true
            while isOpen {
                try store.environment.write { transaction in
                    var bytes = 0
                    while bytes < Self.bytesPerCommit {
                        guard let block = blocks.take(limit: 1) else {
                            isOpen = false
                            return
                        }
                        try block[0].apply(in: transaction)
                        bytes += block[0].byteCount
                    }
                }
            }
        } catch {
            blocks.close()
            throw error
        }
    }
}
