internal import Bytes
internal import LMDB
internal import Microblog
internal import Sorting

/// Builds the follows between accounts: the pair itself, both lists, and the two counts of every account.
struct FollowsProjector: Projector {
    static let version: UInt32 = 2
    static let load = ProjectorLoad.heavy

    static func tables(_ tables: ViewTables) -> [Table] { tables.follows.all }

    private let context: ProjectorContext
    /// Follower, followed -> position, with the kind of change.
    private let events: EntrySorter

    init(_ context: ProjectorContext) {
        self.context = context
        events = context.sorter()
    }

    var gathered: [EntrySorter] { [events] }

    func take(_ events: [RecordedEvent]) throws {
        for recorded in events {
            switch recorded.event {
            case .accountFollowed(let event):
                try self.events.add(recorded.issuer.rawValue, event.account.rawValue, recorded.position << 1 | 1)
            case .accountUnfollowed(let event):
                try self.events.add(recorded.issuer.rawValue, event.account.rawValue, recorded.position << 1)
            default: break
            }
        }
    }

    func emit(over before: ViewSnapshot?, to rows: RowSink) throws {
        var fold = FollowsFold(context, before, rows)
        try events.drainGroups {
            try fold.take($0)
        } end: {
            try fold.endFollower(AccountID($0))
        }
        try fold.emitFollowers()
        try fold.emitCounts()
    }
}

/// The rows that a batch of follows and unfollows changes: first the pairs, which come in key order, then the rows with
/// another order.
private struct FollowsFold {
    private let context: ProjectorContext
    private let before: ViewSnapshot?
    private let edges: TableSink
    private let following: TableSink
    private let followers: TableSink
    private let counts: TableSink
    /// Follower, position -> followed, with the kind of change. It holds one follower at a time.
    private let followed: EntrySorter
    /// Followed, position -> follower, with the kind of change.
    private let byFollowed: EntrySorter
    /// Account, 0 for its followers or 1 for the accounts that it follows -> how many more, as a signed number.
    private let deltas: EntrySorter
    private var pair: (follower: AccountID, followed: AccountID)?
    private var position: UInt64?
    private var delta: Int64 = 0

    init(_ context: ProjectorContext, _ before: ViewSnapshot?, _ rows: RowSink) {
        self.context = context
        self.before = before
        edges = rows.table(context.tables.follows.edges)
        following = rows.table(context.tables.follows.following)
        followers = rows.table(context.tables.follows.followers)
        counts = rows.table(context.tables.follows.counts)
        followed = context.sorter()
        byFollowed = context.sorter()
        deltas = context.sorter()
    }

    /// Takes in a follow or its end. The entries of one pair come one after the other.
    mutating func take(_ entry: SortEntry) throws {
        let next = (follower: AccountID(entry.first), followed: AccountID(entry.second))
        if let pair, pair != next { try endPair(pair) }
        pair = next
        position = entry.payload & 1 == 1 ? entry.payload >> 1 : nil
    }

    mutating func endFollower(_ follower: AccountID) throws {
        if let pair { try endPair(pair) }
        pair = nil
        try followed.drain { change in
            let key = RowKey(change.first, change.second)
            guard change.payload & 1 == 1 else { return try following.remove(key) }
            let account = AccountID(change.payload >> 1)
            try context.require(account, for: change.second)
            try following.set(key, account.rawValue)
        }
        if delta != 0 { try deltas.add(follower.rawValue, 1, UInt64(bitPattern: delta)) }
        delta = 0
    }

    func emitFollowers() throws {
        var delta: Int64 = 0
        try byFollowed.drainGroups { change in
            let key = RowKey(change.first, change.second)
            guard change.payload & 1 == 1 else {
                delta -= 1
                return try followers.remove(key)
            }
            delta += 1
            let account = AccountID(change.payload >> 1)
            try context.require(account, for: change.second)
            try followers.set(key, account.rawValue)
        } end: { followed in
            if delta != 0 { try deltas.add(followed, 0, UInt64(bitPattern: delta)) }
            delta = 0
        }
    }

    func emitCounts() throws {
        var change: (followers: Int64, following: Int64) = (0, 0)
        try deltas.drainGroups { entry in
            let delta = Int64(bitPattern: entry.payload)
            if entry.second == 0 { change.followers = delta } else { change.following = delta }
        } end: { account in
            var row = try before?.followCounts(AccountID(account)) ?? FollowCountsRow()
            row.followers = UInt32(Int64(row.followers) + change.followers)
            row.following = UInt32(Int64(row.following) + change.following)
            if row == FollowCountsRow() {
                try counts.remove(RowKey(account))
            } else {
                try counts.set(RowKey(account)) { row.append(to: &$0) }
            }
            change = (0, 0)
        }
    }

    private mutating func endPair(_ pair: (follower: AccountID, followed: AccountID)) throws {
        let (follower, account) = (pair.follower.rawValue, pair.followed.rawValue)
        let old = try before?.follow(of: pair.followed, by: pair.follower)
        guard old != position else { return }
        if let old {
            try followed.add(follower, old, account << 1)
            try byFollowed.add(account, old, follower << 1)
            delta -= 1
        }
        if let position {
            try edges.set(RowKey(follower, account), position)
            try followed.add(follower, position, account << 1 | 1)
            try byFollowed.add(account, position, follower << 1 | 1)
            delta += 1
        } else {
            try edges.remove(RowKey(follower, account))
        }
    }
}
