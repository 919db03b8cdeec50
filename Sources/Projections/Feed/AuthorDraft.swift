internal import Microblog

/// What a batch did to the posts of one author.
struct AuthorDraft {
    private var newest: PostID?
    private var top: PostRank?
    private var ranksBefore: Set<PostRank> = []
    private var deleted: Set<PostID> = []
    private var added = 0
    private var removed = 0

    /// Takes in a post that is new or gone (`nil`), or whose rank changed.
    mutating func note(_ post: PostID, from before: PostRank?, to after: PostRank?) {
        if let before { ranksBefore.insert(before) } else { added += 1 }
        if let after {
            top = max(top ?? after, after)
            newest = max(newest ?? after.post, after.post)
        } else {
            removed += 1
            deleted.insert(post)
        }
    }

    /// The author's row after the batch; `nil` if no post is left.
    ///
    /// The newest and the most liked post are either among those that the batch touched, or the best of those that it did
    /// not; the latter is what the old row names unless that one was touched too.
    func row(of author: AccountID, _ snapshot: ViewSnapshot?) throws -> AuthorRow? {
        let before = try snapshot?.author(author)
        let posts = Int(before?.posts ?? 0) + added - removed
        guard posts > 0 else { return nil }
        var newest = newest
        var top = top
        if let before, let snapshot {
            if let old = try newestUntouched(of: author, before, snapshot) { newest = max(newest ?? old, old) }
            if let old = try topUntouched(of: author, before, snapshot) { top = max(top ?? old, old) }
        }
        guard let newest, let top else { throw ViewCorruption(table: "authors", key: "\(author)") }
        return AuthorRow(newest: newest, top: top.post, topLikes: top.likes, posts: UInt32(posts))
    }

    private func newestUntouched(
        of author: AccountID, _ before: AuthorRow, _ snapshot: ViewSnapshot
    ) throws -> PostID? {
        guard deleted.contains(before.newest) else { return before.newest }
        var found: PostID?
        try snapshot.descend(snapshot.tables.byTime, author.rawValue) { post, _ in
            if deleted.contains(PostID(post)) { return true }
            found = PostID(post)
            return false
        }
        return found
    }

    private func topUntouched(
        of author: AccountID, _ before: AuthorRow, _ snapshot: ViewSnapshot
    ) throws -> PostRank? {
        let old = PostRank(likes: before.topLikes, post: before.top)
        guard ranksBefore.contains(old) else { return old }
        // The top was touched: when what the batch made outranks it, nothing that was below it can win.
        if let top, top >= old { return nil }
        var found: PostRank?
        try snapshot.descendByLikes(of: author, below: nil) { rank in
            if ranksBefore.contains(rank) { return true }
            found = rank
            return false
        }
        return found
    }
}
