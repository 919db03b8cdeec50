internal import Microblog
internal import Sorting

/// Emits the changes in authors' logs, by time and by likes, and in the rows that sum them up.
///
/// So far all entries are the author's own posts, so an entry and its post have the same number.
struct AuthorRows {
    private let before: ViewSnapshot?
    private let byTime: TableSink
    private let byLikes: TableSink
    private let authors: TableSink
    /// Author, entry -> its likes before the batch (upper half) and after it.
    private let entries: EntrySorter
    /// Author, likes -> entry, and whether the entry is there now.
    private let places: EntrySorter

    /// Stands for the number of likes of an entry that was not there before, or is gone.
    private static let none = UInt32.max

    init(_ context: ProjectorContext, _ before: ViewSnapshot?, _ rows: RowSink) {
        self.before = before
        byTime = rows.table(context.tables.feed.byTime)
        byLikes = rows.table(context.tables.feed.byLikes)
        authors = rows.table(context.tables.feed.authors)
        entries = context.sorter()
        places = context.sorter()
    }

    /// Takes in a post that is new or gone (`nil`), or whose likes changed.
    func note(_ author: AccountID, _ post: PostID, from before: UInt32?, to after: UInt32?) throws {
        let change = UInt64(before ?? Self.none) << 32 | UInt64(after ?? Self.none)
        try entries.add(author.rawValue, post.rawValue, change)
    }

    /// Emits all rows.
    func emit() throws {
        var draft = AuthorDraft()
        try entries.drainGroups { change in
            let author = change.first
            let entry = FeedEntry(PostID(change.second))
            let old = Self.place(UInt32(change.payload >> 32), entry)
            let new = Self.place(UInt32(truncatingIfNeeded: change.payload), entry)
            if old == nil { try byTime.set(RowKey(author, entry.id)) { entry.appendValue(to: &$0) } }
            if new == nil { try byTime.remove(RowKey(author, entry.id)) }
            if let old { try places.add(author, UInt64(old.likes), entry.id << 1) }
            if let new { try places.add(author, UInt64(new.likes), entry.id << 1 | 1) }
            draft.note(entry, from: old, to: new)
        } end: { author in
            if let row = try draft.row(of: AccountID(author), before) {
                try authors.set(RowKey(author)) { row.append(to: &$0) }
            } else {
                try authors.remove(RowKey(author))
            }
            draft = AuthorDraft()
        }
        // Among equal likes the lower entry comes first, because entries were added in that order.
        try places.drain { change in
            let entry = FeedEntry(PostID(change.payload >> 1))
            let key = RowKey(author: AccountID(change.first), FeedPlace(likes: UInt32(change.second), entry: entry.id))
            if change.payload & 1 == 1 {
                try byLikes.set(key) { entry.appendValue(to: &$0) }
            } else {
                try byLikes.remove(key)
            }
        }
    }

    private static func place(_ likes: UInt32, _ entry: FeedEntry) -> FeedPlace? {
        likes == none ? nil : FeedPlace(likes: likes, entry: entry.id)
    }
}
