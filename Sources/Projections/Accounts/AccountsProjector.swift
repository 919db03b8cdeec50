internal import Bytes
internal import LMDB
internal import Microblog
internal import Sorting

/// Builds accounts, handles and keys.
struct AccountsProjector: Projector {
    static let version: UInt32 = 2
    static let load = ProjectorLoad.light

    static func tables(_ tables: ViewTables) -> [Table] { tables.accounts.all }

    /// How many events about keys are looked up together.
    private static let keysAtOnce = 256

    private let context: ProjectorContext
    /// Account, position of its registration or of a change of its name or handle.
    private let accounts: EntrySorter
    /// The positions of events that issue or revoke a key.
    private let keys: EntrySorter

    init(_ context: ProjectorContext) {
        self.context = context
        accounts = context.sorter()
        keys = context.sorter()
    }

    var gathered: [EntrySorter] { [accounts, keys] }

    func take(_ events: [RecordedEvent]) throws {
        for recorded in events {
            let position = recorded.position
            switch recorded.event {
            case .accountRegistered: try accounts.add(position, position, 0)
            case .accountChanged(let changed): try accounts.add(changed.account.rawValue, position, 0)
            case .keyIssued, .keyRevoked: try keys.add(position, 0, 0)
            default: break
            }
        }
    }

    func emit(over before: ViewSnapshot?, to rows: RowSink) throws {
        var accountRows = AccountRows(context, before, rows)
        try accounts.drainGroups { entry in
            try accountRows.take(AccountID(entry.first), entry.second)
        } end: { account in
            try accountRows.end(AccountID(account))
        }
        try accountRows.finish()
        let keyRows = rows.table(context.tables.accounts.keys)
        var positions: [UInt64] = []
        func emitKeys() throws {
            for recorded in try context.events(at: positions) {
                switch recorded.event {
                case .keyIssued(let issued):
                    try keyRows.set(RowKey(issued.key.rawValue), issued.account.rawValue)
                case .keyRevoked(let revoked): try keyRows.remove(RowKey(revoked.key.rawValue))
                default: break
                }
            }
            positions.removeAll(keepingCapacity: true)
        }
        try keys.drain { entry in
            positions.append(entry.first)
            if positions.count == Self.keysAtOnce { try emitKeys() }
        }
        try emitKeys()
    }
}

/// Emits the rows of accounts as they are after a batch, with their first keys and their handles.
private struct AccountRows {
    private let before: ViewSnapshot?
    private let accounts: TableSink
    private let handles: TableSink
    private let keys: TableSink
    private let changes: TableSink
    private typealias Draft = (account: AccountID, registered: UInt64, changed: UInt64)

    /// For each account in the batch: the position of its registration (0 if it is older than the batch), and the
    /// position of its last change (0 if there is none).
    private var drafts: LookAhead<Draft>
    private var registered: UInt64 = 0
    private var changed: UInt64 = 0
    /// Handles that accounts have now. They come after the handles that were given up, because a handle may be both.
    private var taken: [(handle: Handle, account: AccountID)] = []

    init(_ context: ProjectorContext, _ before: ViewSnapshot?, _ rows: RowSink) {
        drafts = LookAhead(context)
        self.before = before
        accounts = rows.table(context.tables.accounts.accounts)
        handles = rows.table(context.tables.accounts.handles)
        keys = rows.table(context.tables.accounts.keys)
        changes = rows.table(context.tables.accounts.changes)
    }

    /// Takes in a registration, whose position is the account's id, or a later change.
    mutating func take(_ account: AccountID, _ position: UInt64) throws {
        if position == account.rawValue {
            registered = position
        } else {
            changed = position
            try changes.set(RowKey(position), account.rawValue)
        }
    }

    mutating func end(_ account: AccountID) throws {
        if let (drafts, events) = try drafts.add((account, registered, changed), registered, changed) {
            try emit(drafts, events)
        }
        (registered, changed) = (0, 0)
    }

    mutating func finish() throws {
        while let (drafts, events) = try drafts.rest() { try emit(drafts, events) }
        for (handle, account) in taken { try handles.set(RowKey(handle), account.rawValue) }
        taken = []
    }

    private mutating func emit(_ drafts: [Draft], _ events: [RecordedEvent]) throws {
        var events = events[...]
        for draft in drafts {
            let registration = draft.registered == 0 ? nil : events.popFirst()
            let change = draft.changed == 0 ? nil : events.popFirst()
            try emit(draft.account, registration, change)
        }
    }

    private mutating func emit(
        _ account: AccountID, _ registration: RecordedEvent?, _ change: RecordedEvent?
    ) throws {
        var row: (time: Int64, role: Role, handle: Handle, name: DisplayName)
        if let registration, case .accountRegistered(let new) = registration.event {
            row = (registration.time, new.role, new.handle, new.name)
            if let key = new.key { try keys.set(RowKey(key.rawValue), account.rawValue) }
        } else if let change, case .accountChanged(let new) = change.event {
            guard let old = try before?.account(account) else {
                throw ProjectionError(position: change.position, problem: "account \(account) was never registered")
            }
            row = (old.time, old.role, new.handle, new.name)
            if let handle = Handle(stored: old.handle), handle != new.handle { try handles.remove(RowKey(handle)) }
        } else {
            return
        }
        if let change, case .accountChanged(let new) = change.event { (row.handle, row.name) = (new.handle, new.name) }
        try accounts.set(RowKey(account.rawValue)) {
            AccountRow.append(time: row.time, role: row.role, handle: row.handle, name: row.name, to: &$0)
        }
        if before == nil {
            // No older handle can have been given up, so no row has to wait.
            try handles.set(RowKey(row.handle), account.rawValue)
        } else {
            taken.append((row.handle, account))
        }
    }
}
