internal import Microblog

/// What a batch changes in one author's log.
struct AuthorDraft {
    private var newest: FeedEntry?
    private var top: (place: FeedPlace, entry: FeedEntry)?
    private var placesBefore: Set<FeedPlace> = []
    private var removed: Set<UInt64> = []
    private var added = 0

    /// Takes in an entry that is new (`nil` before), that is gone (`nil` after), or whose place by likes changed.
    mutating func note(_ entry: FeedEntry, from before: FeedPlace?, to after: FeedPlace?) {
        if let before { placesBefore.insert(before) } else { added += 1 }
        if let after {
            if top.map({ $0.place < after }) ?? true { top = (after, entry) }
            if newest.map({ $0.id < entry.id }) ?? true { newest = entry }
        } else {
            removed.insert(entry.id)
        }
    }

    /// The author's row after the batch; `nil` if the author has no entry left.
    ///
    /// The newest and the most liked entry are either among the entries that the batch touched, or the best of the
    /// other entries. The old row names the best of the others, unless the batch touched that entry too.
    func row(of author: AccountID, _ snapshot: ViewSnapshot?) throws -> AuthorRow? {
        let before = try snapshot?.author(author)
        let posts = Int(before?.posts ?? 0) + added - removed.count
        guard posts > 0 else { return nil }
        var newest = newest
        var top = top
        if let before, let snapshot {
            if let old = try newestUntouched(of: author, before, snapshot), old.id > newest?.id ?? 0 { newest = old }
            if let old = try topUntouched(of: author, before, snapshot), top.map({ $0.place < old.place }) ?? true {
                top = old
            }
        }
        guard let newest, let top else { throw ViewCorruption(table: "authors", key: "\(author)") }
        return AuthorRow(newest: newest, top: top.entry, topLikes: top.place.likes, posts: UInt32(posts))
    }

    private func newestUntouched(
        of author: AccountID, _ before: AuthorRow, _ snapshot: ViewSnapshot
    ) throws -> FeedEntry? {
        guard removed.contains(before.newest.id) else { return before.newest }
        var found: FeedEntry?
        try snapshot.descend(.newest, of: author, below: nil) { _, entry in
            if removed.contains(entry.id) { return true }
            found = entry
            return false
        }
        return found
    }

    private func topUntouched(
        of author: AccountID, _ before: AuthorRow, _ snapshot: ViewSnapshot
    ) throws -> (place: FeedPlace, entry: FeedEntry)? {
        let old = before.best(.popular)
        guard placesBefore.contains(old.place) else { return (old.place, old.entry) }
        // The batch touched the top entry. If an entry of the batch outranks the old top, nothing below that can win.
        if let top, top.place >= old.place { return nil }
        var found: (place: FeedPlace, entry: FeedEntry)?
        try snapshot.descend(.popular, of: author, below: nil) { place, entry in
            if placesBefore.contains(place) { return true }
            found = (place, entry)
            return false
        }
        return found
    }
}
