internal import Bytes
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
        accounts = rows.table(context.tables.accounts)
        handles = rows.table(context.tables.handles)
        keys = rows.table(context.tables.keys)
    }

    func emit(_ recorded: RecordedEvent) throws {
        switch recorded.event {
        case .accountRegistered(let handle, let name, let role, let key):
            let id = recorded.position
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

extension RowKey {
    /// A handle's characters.
    init(_ handle: Handle) {
        var bytes: [UInt8] = []
        handle.append(to: &bytes)
        self = bytes.withUnsafeBytes { RowKey($0) }
    }
}
