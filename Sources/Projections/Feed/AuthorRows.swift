internal import Microblog
internal import Sorting

/// Emits what changes in authors' logs, by time and by likes, and in the rows that sum them up.
struct AuthorRows {
    private let before: ViewSnapshot?
    private let byTime: TableSink
    private let byLikes: TableSink
    private let authors: TableSink
    /// Author, post -> its likes before (upper half) and after.
    private let posts: EntrySorter
    /// Author, likes -> post, and whether it stands there now.
    private let ranks: EntrySorter

    /// In place of a number of likes: the post was not there, or is gone.
    private static let none = UInt32.max

    init(_ context: ProjectorContext, _ before: ViewSnapshot?, _ rows: RowSink) {
        self.before = before
        byTime = rows.table(context.tables.byTime)
        byLikes = rows.table(context.tables.byLikes)
        authors = rows.table(context.tables.authors)
        posts = context.sorter()
        ranks = context.sorter()
    }

    /// Takes in a post that is new or gone (`nil`), or whose likes changed.
    func note(_ author: AccountID, _ post: PostID, from before: UInt32?, to after: UInt32?) throws {
        let change = UInt64(before ?? Self.none) << 32 | UInt64(after ?? Self.none)
        try posts.add(author.rawValue, post.rawValue, change)
    }

    /// Emits all rows.
    func emit() throws {
        var draft = AuthorDraft()
        try posts.drainGroups { entry in
            let (author, post) = (entry.first, entry.second)
            let old = Self.rank(UInt32(entry.payload >> 32), post)
            let new = Self.rank(UInt32(truncatingIfNeeded: entry.payload), post)
            if old == nil { try byTime.set(RowKey(author, post)) }
            if new == nil { try byTime.remove(RowKey(author, post)) }
            if let old { try ranks.add(author, UInt64(old.likes), post << 1) }
            if let new { try ranks.add(author, UInt64(new.likes), post << 1 | 1) }
            draft.note(PostID(post), from: old, to: new)
        } end: { author in
            if let row = try draft.row(of: AccountID(author), before) {
                try authors.set(RowKey(author)) { row.append(to: &$0) }
            } else {
                try authors.remove(RowKey(author))
            }
            draft = AuthorDraft()
        }
        // Of equal likes those of the lower post come first, since they were added in that order.
        try ranks.drain { entry in
            let key = RowKey(
                author: AccountID(entry.first), likes: UInt32(entry.second), post: PostID(entry.payload >> 1))
            if entry.payload & 1 == 1 { try byLikes.set(key) } else { try byLikes.remove(key) }
        }
    }

    private static func rank(_ likes: UInt32, _ post: UInt64) -> PostRank? {
        likes == none ? nil : PostRank(likes: likes, post: PostID(post))
    }
}
