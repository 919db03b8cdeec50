internal import Microblog
internal import Sorting

/// Builds accounts, handles and keys.
struct AccountsProjector: Projector {
    static let model = ReadModel.accounts
    private let context: ProjectorContext
    /// Position of an event that registers an account, or issues or revokes a key.
    private let events: EntrySorter

    init(_ context: ProjectorContext) {
        self.context = context
        events = context.sorter()
    }

    func take(_ events: [RecordedEvent]) throws {
        for recorded in events {
            switch recorded.event {
            case .accountRegistered, .keyIssued, .keyRevoked: try self.events.add(recorded.position, 0, 0)
            default: break
            }
        }
    }

    func emit(over before: ViewSnapshot?, to rows: RowSink) throws {
        let accounts = rows.table(context.tables.accounts)
        let handles = rows.table(context.tables.handles)
        let keys = rows.table(context.tables.keys)
        try events.drain { entry in
            let id = entry.first
            guard let recorded = try context.event(at: id) else { return }
            switch recorded.event {
            case .accountRegistered(let handle, let name, let role, let key):
                try accounts.set(RowKey(id)) {
                    AccountRow.append(time: recorded.time, role: role, handle: handle, name: name, to: &$0)
                }
                try handles.set(RowKey(handle)) { $0.append(bigEndian: id) }
                if let key { try keys.set(RowKey(key.rawValue)) { $0.append(bigEndian: id) } }
            case .keyIssued(let account, let key):
                try keys.set(RowKey(key.rawValue)) { $0.append(bigEndian: account.rawValue) }
            case .keyRevoked(let key):
                try keys.remove(RowKey(key.rawValue))
            default: break
            }
        }
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
