public import Microblog

extension PlainMicroblog {
    /// A whole feed: the posts of an account and of those that it follows.
    ///
    /// - Parameter byLikes: most liked first and newest first among equals; else newest first.
    public func feed(of account: AccountID, byLikes: Bool) -> [PostID] {
        let authors = Set((following[account] ?? []).map(\.account) + [account])
        let shown = posts.filter { authors.contains($0.value.author) }.keys
        return shown.map { (likes: byLikes ? likeCount($0) : 0, post: $0) }.sorted { $0 > $1 }.map(\.post)
    }

    /// How many like a post.
    public func likeCount(_ post: PostID) -> UInt32 { UInt32(likes[post]?.count ?? 0) }

    /// Whether an account likes a post.
    public func likes(_ post: PostID, _ account: AccountID) -> Bool {
        likes[post]?.contains { $0.account == account } ?? false
    }

    /// Whether an account follows another.
    public func follows(_ account: AccountID, _ other: AccountID) -> Bool {
        following[account]?.contains { $0.account == other } ?? false
    }

    /// An author's posts, newest first.
    public func posts(by author: AccountID) -> [PostID] {
        posts.filter { $0.value.author == author }.keys.sorted(by: >)
    }

    /// The replies to a post, newest first.
    public func replies(to post: PostID) -> [PostID] {
        posts.filter { $0.value.replyTo == post }.keys.sorted(by: >)
    }
}
