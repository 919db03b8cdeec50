internal import LMDB
internal import Threads

/// Writes blocks of row changes to a store as they come.
actor RowWriter {
    private let store: ViewStore
    private let executor: ThreadExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// LMDB keeps the pages that a transaction changed in memory until it commits.
    private static let bytesPerCommit = 32 << 20

    init(_ store: ViewStore, on executor: ThreadExecutor) {
        self.store = store
        self.executor = executor
    }

    /// Writes what some projectors on this thread emit, then the blocks that come, until the mailbox is closed and empty.
    /// On a failure it closes the mailbox itself.
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
