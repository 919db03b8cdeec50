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

    /// Writes until the mailbox is closed and empty. On a failure it closes the mailbox itself.
    func write(_ blocks: Mailbox<RowChanges>) throws {
        do {
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
