internal import Bytes
internal import Microblog
internal import Sorting

/// Builds who likes what: the list of a post's likes, and the way from a post and an account to its like.
struct LikesProjector: Projector {
    static let model = ReadModel.likes
    private let context: ProjectorContext
    /// Post, account -> position, with the kind of change. A deletion has account 0, so it leads its post's entries.
    private let events: EntrySorter

    init(_ context: ProjectorContext) {
        self.context = context
        events = context.sorter()
    }

    var gathered: [EntrySorter] { [events] }

    func take(_ events: [RecordedEvent]) throws {
        for recorded in events {
            switch recorded.event {
            case .postLiked(let post):
                try self.events.add(post.rawValue, recorded.issuer.rawValue, recorded.position << 1 | 1)
            case .postUnliked(let post):
                try self.events.add(post.rawValue, recorded.issuer.rawValue, recorded.position << 1)
            case .postDeleted(let post): try self.events.add(post.rawValue, 0, recorded.position << 1)
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
    /// Post, position -> account, for likes that are new; or 0, for those that go.
    private let changes: EntrySorter
    private var isDeleted = false
    private var post = PostID(0)
    private var account = AccountID(0)
    private var position: UInt64?

    init(_ context: ProjectorContext, _ before: ViewSnapshot?, _ rows: RowSink) {
        self.context = context
        self.before = before
        likes = rows.table(context.tables.likes)
        likers = rows.table(context.tables.likers)
        changes = context.sorter()
    }

    mutating func delete(_ post: PostID) throws {
        guard !isDeleted else { return }
        isDeleted = true
        try before?.ascend(context.tables.likes, post.rawValue) { position, value in
            let account = try PersonRow(value, table: "likes").account
            try likes.remove(RowKey(post.rawValue, position))
            try likers.remove(RowKey(post.rawValue, account.rawValue))
            return true
        }
    }

    /// Takes in a like or its end; those of one account follow each other.
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
            try likes.set(key) { try context.appendPerson(account, for: change.second, to: &$0) }
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
                try likers.set(key) { $0.append(bigEndian: position) }
                try changes.add(post.rawValue, position, account.rawValue)
            } else {
                try likers.remove(key)
            }
        }
        account = AccountID(0)
    }
}
