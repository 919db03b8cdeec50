internal import Bytes
internal import LMDB
public import Microblog
internal import Sorting

/// Builds who likes what: the list of a post's likes, and the way from a post and an account to its like.
struct LikesProjector: Projector {
    static let version: UInt32 = 2
    static let load = ProjectorLoad.heavy

    static func tables(_ tables: ViewTables) -> [Table] { [tables.likes.likes, tables.likes.likers] }

    private let context: ProjectorContext
    /// Post, account -> position, with the kind of change. A deletion has account 0, so it comes first among its post's
    /// entries.
    private let events: EntrySorter

    init(_ context: ProjectorContext) {
        self.context = context
        events = context.sorter()
    }

    var gathered: [EntrySorter] { [events] }

    func take(_ events: [RecordedEvent]) throws {
        for recorded in events {
            switch recorded.event {
            case .postLiked(let event):
                try self.events.add(event.post.rawValue, recorded.issuer.rawValue, recorded.position << 1 | 1)
            case .postUnliked(let event):
                try self.events.add(event.post.rawValue, recorded.issuer.rawValue, recorded.position << 1)
            case .postDeleted(let event): try self.events.add(event.post.rawValue, 0, recorded.position << 1)
            default: break
            }
        }
    }

    func emit(over before: ViewSnapshot?, to rows: RowSink) throws {
        var post = LikedPost(context, before, rows)
        try events.drainGroups { entry in
            if entry.second == 0 {
                try post.delete(PostID(entry.first))
            } else {
                try post.fold(entry)
            }
        } end: { _ in
            try post.end()
        }
    }
}

/// The likes of one post after another.
private struct LikedPost {
    private let context: ProjectorContext
    private let before: ViewSnapshot?
    private let likes: TableSink
    private let likers: TableSink
    /// Post, position -> account for a new like, or 0 for a like that goes.
    private let changes: EntrySorter
    private var isDeleted = false
    private var post = PostID(0)
    private var account = AccountID(0)
    private var position: UInt64?

    init(_ context: ProjectorContext, _ before: ViewSnapshot?, _ rows: RowSink) {
        self.context = context
        self.before = before
        likes = rows.table(context.tables.likes.likes)
        likers = rows.table(context.tables.likes.likers)
        changes = context.sorter()
    }

    mutating func delete(_ post: PostID) throws {
        guard !isDeleted else { return }
        isDeleted = true
        try before?.likes(of: post) { position, account in
            try likes.remove(RowKey(post.rawValue, position))
            try likers.remove(RowKey(post.rawValue, account.rawValue))
            return true
        }
    }

    /// Takes in a like or its end. The entries of one account come one after the other.
    mutating func fold(_ entry: SortEntry) throws {
        guard !isDeleted else { return }
        if account != AccountID(entry.second) || post != PostID(entry.first) {
            try endAccount()
            (post, account) = (PostID(entry.first), AccountID(entry.second))
        }
        position = entry.payload & 1 == 1 ? entry.payload >> 1 : nil
    }

    mutating func end() throws {
        try endAccount()
        try changes.drain { change in
            let key = RowKey(change.first, change.second)
            guard change.payload != 0 else { return try likes.remove(key) }
            let account = AccountID(change.payload)
            try context.require(account, for: change.second)
            try likes.set(key, account.rawValue)
        }
        isDeleted = false
    }

    private mutating func endAccount() throws {
        guard account != AccountID(0) else { return }
        let old = try before?.like(of: post, by: account)
        let key = RowKey(post.rawValue, account.rawValue)
        if old != position {
            if let old { try changes.add(post.rawValue, old, 0) }
            if let position {
                try likers.set(key, position)
                try changes.add(post.rawValue, position, account.rawValue)
            } else {
                try likers.remove(key)
            }
        }
        account = AccountID(0)
    }
}

/// The tables of likes.
struct LikeTables: Sendable {
    /// post (8), position of the like (8) -> account (8)
    fileprivate let likes: Table
    /// post (8), account (8) -> position of the like (8)
    fileprivate let likers: Table

    init(_ environment: Environment) throws {
        likes = try environment.table("likes")
        likers = try environment.table("likers")
    }
}

extension ViewSnapshot {
    /// Lends the likes of a post, newest first, from before a position on, until `body` answers `false`.
    ///
    /// - Parameter body: gets the position of the like, and who likes.
    @inline(__always)
    public func likes(
        of post: PostID, before bound: UInt64? = nil, _ body: (UInt64, AccountID) throws -> Bool
    ) throws {
        try people(tables.likes.likes, post.rawValue, before: bound, body)
    }

    /// The position at which an account's like of a post began, or `nil`.
    public func like(of post: PostID, by account: AccountID) throws -> UInt64? {
        try number(get(tables.likes.likers, RowKey(post.rawValue, account.rawValue)), "likers")
    }
}
