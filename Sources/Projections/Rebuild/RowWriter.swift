internal import LMDB
internal import Threads

/// The thread of a rebuild that writes the tables, and the projectors on it.
actor RowWriter {
    nonisolated let models: [ReadModel]
    private let store: ViewStore
    nonisolated let share: ProjectorShare
    private let executor: ThreadExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// LMDB keeps the pages that a transaction changed in memory until it commits.
    private static let bytesPerCommit = 32 << 20

    init(_ store: ViewStore, _ share: ProjectorShare, on executor: ThreadExecutor) {
        self.store = store
        self.share = share
        self.executor = executor
        models = share.models
    }

    /// Takes in the whole log: see ``ProjectorShare/take(from:as:_:_:)``.
    func take(_ parts: PartRelay<EventBatch>, _ read: (Int) throws -> EventBatch) throws {
        try share.take(from: parts, as: 1, read) { _ in }
    }

    /// Writes what the projectors on this thread emit, and the blocks that come from the other, until the mailbox is
    /// closed and empty. If it fails, it closes the mailbox itself.
    ///
    /// - Parameter other: the projectors on the other thread. It helps them while no block waits.
    func write(_ blocks: Mailbox<RowChanges>, helping other: ProjectorShare) throws {
        do {
            let environment = store.environment
            try share.emit { block, _ in try Self.write(block, blocks, to: environment) }
            while let next = blocks.take(limit: 1) {
                try Self.write(next[0], blocks, to: environment)
                other.help(waits: false)
            }
        } catch {
            blocks.close()
            throw error
        }
    }

    /// Writes a block, and those of the other thread that wait. It would have to stop if they waited for long.
    private static func write(
        _ first: RowChanges, _ blocks: Mailbox<RowChanges>, to environment: Environment
    ) throws {
        try environment.write { transaction in
            try first.apply(in: transaction)
            var bytes = first.byteCount
            while bytes < bytesPerCommit, blocks.count > 0, let next = blocks.take(limit: 1) {
                try next[0].apply(in: transaction)
                bytes += next[0].byteCount
            }
        }
    }
}
