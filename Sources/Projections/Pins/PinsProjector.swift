internal import Bytes
internal import LMDB
public import Microblog
internal import Sorting

/// The table of pins.
struct PinTables: Sendable {
    /// account (8) -> pinned posts (8 each), the newest pin first; some may be deleted
    let pins: Table

    init(_ environment: Environment) throws { pins = try environment.table("pins") }
}

/// Builds what each account has pinned.
struct PinsProjector: Projector {
    static let version: UInt32 = 1
    static let load = ProjectorLoad.light

    static func tables(_ tables: ViewTables) -> [Table] { [tables.pins.pins] }

    private let context: ProjectorContext
    /// Account, position of an event that changes its pins.
    private let events: EntrySorter

    init(_ context: ProjectorContext) {
        self.context = context
        events = context.sorter()
    }

    var gathered: [EntrySorter] { [events] }

    func take(_ events: [RecordedEvent]) throws {
        for recorded in events {
            switch recorded.event {
            case .postPinned, .postUnpinned: try self.events.add(recorded.issuer.rawValue, recorded.position, 0)
            default: break
            }
        }
    }

    func emit(over _: ViewSnapshot?, to rows: RowSink) throws {
        let pins = rows.table(context.tables.pins.pins)
        var newest: UInt64 = 0
        try events.drainGroups {
            newest = $0.second
        } end: { account in
            // Each event holds the whole list, so the newest one says all.
            let posts: [PostID] =
                switch try context.events(at: [newest]).first?.event {
                case .postPinned(let pinned): pinned.pins
                case .postUnpinned(let unpinned): unpinned.pins
                default: []
                }
            guard !posts.isEmpty else { return try pins.remove(RowKey(account)) }
            try context.require(AccountID(account), for: newest)
            try pins.set(RowKey(account)) { row in
                for post in posts { row.append(bigEndian: post.rawValue) }
            }
        }
    }
}

extension ViewSnapshot {
    /// What an account has pinned, the newest pin first. Posts that were deleted since are among these.
    public func pins(of account: AccountID) throws -> [PostID] {
        guard let row = try get(tables.pins.pins, RowKey(account.rawValue)) else { return [] }
        guard row.count % 8 == 0 else { throw ViewCorruption(table: "pins", key: "\(account)") }
        return stride(from: 0, to: row.count, by: 8).map { PostID(row.bigEndianUInt64(at: $0)) }
    }
}
