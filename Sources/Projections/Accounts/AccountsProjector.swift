internal import Bytes
internal import LMDB
internal import Microblog
internal import Sorting

/// Builds accounts, handles and keys.
struct AccountsProjector: Projector {
    static let version: UInt32 = 2
    static let load = ProjectorLoad.light

    static func tables(_ tables: ViewTables) -> [Table] { tables.accounts.all }

    private let context: ProjectorContext
    /// Position of an event that registers an account, or issues or revokes a key.
    private let events: EntrySorter

    init(_ context: ProjectorContext) {
        self.context = context
        events = context.sorter()
    }

    var gathered: [EntrySorter] { [events] }

    func take(_ events: [RecordedEvent]) throws {
        for recorded in events {
            switch recorded.event {
            case .accountRegistered, .keyIssued, .keyRevoked: try self.events.add(recorded.position, 0, 0)
            default: break
            }
        }
    }

    func emit(over before: ViewSnapshot?, to rows: RowSink) throws {
        let accounts = AccountRows(context, rows)
        var positions: [UInt64] = []
        try events.drain { entry in
            positions.append(entry.first)
            guard positions.count == Self.lookedUpAtOnce else { return }
            for recorded in try context.events(at: positions) { try accounts.emit(recorded) }
            positions.removeAll(keepingCapacity: true)
        }
        for recorded in try context.events(at: positions) { try accounts.emit(recorded) }
    }

    private static let lookedUpAtOnce = 256
}

/// Emits the rows that one event makes or takes away.
private struct AccountRows {
    private let accounts: TableSink
    private let handles: TableSink
    private let keys: TableSink

    init(_ context: ProjectorContext, _ rows: RowSink) {
        accounts = rows.table(context.tables.accounts.accounts)
        handles = rows.table(context.tables.accounts.handles)
        keys = rows.table(context.tables.accounts.keys)
    }

    func emit(_ recorded: RecordedEvent) throws {
        switch recorded.event {
        case .accountRegistered(let account):
            let id = recorded.position
            try accounts.set(RowKey(id)) {
                AccountRow.append(
                    time: recorded.time, role: account.role, handle: account.handle, name: account.name, to: &$0)
            }
            try handles.set(RowKey(account.handle)) { $0.append(bigEndian: id) }
            if let key = account.key { try keys.set(RowKey(key.rawValue)) { $0.append(bigEndian: id) } }
        case .keyIssued(let issued):
            try keys.set(RowKey(issued.key.rawValue)) { $0.append(bigEndian: issued.account.rawValue) }
        case .keyRevoked(let revoked):
            try keys.remove(RowKey(revoked.key.rawValue))
        default: break
        }
    }
}
