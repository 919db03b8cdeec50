internal import Microblog
internal import Threads

/// Builds accounts, handles and keys.
actor AccountsProjector: Projector {
    static let model = ReadModel.accounts
    private let store: ViewStore
    private let executor: ThreadExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(_ store: ViewStore, on executor: ThreadExecutor) {
        self.store = store
        self.executor = executor
    }

    func changes(for batch: EventBatch) -> [RowChanges] {
        var accounts = RowChanges(store.tables.accounts)
        var handles = RowChanges(store.tables.handles)
        var keys = RowChanges(store.tables.keys)
        for recorded in batch.events {
            switch recorded.event {
            case .accountRegistered(let handle, let name, let role, let key):
                let id = recorded.position
                accounts.set(RowKey(id)) {
                    AccountRow.append(time: recorded.time, role: role, handle: handle, name: name, to: &$0)
                }
                handles.set(RowKey(handle)) { $0.append(bigEndian: id) }
                if let key { keys.set(RowKey(key.rawValue)) { $0.append(bigEndian: id) } }
            case .keyIssued(let account, let key):
                keys.set(RowKey(key.rawValue)) { $0.append(bigEndian: account.rawValue) }
            case .keyRevoked(let key):
                keys.remove(RowKey(key.rawValue))
            default: break
            }
        }
        return [accounts, handles, keys]
    }
}

extension RowKey {
    /// A handle's characters.
    init(_ handle: Handle) {
        var bytes: [UInt8] = []
        handle.append(to: &bytes)
        self = bytes.withUnsafeBytes { RowKey($0) }
    }
}
