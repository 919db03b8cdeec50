internal import Bytes
internal import LMDB
public import Microblog

extension ViewSnapshot {
    /// Lends the likes of a post, newest first, from before a position on, until `body` answers `false`.
    ///
    /// - Parameter body: gets the position of the like, and who likes.
    public func likes(
        of post: PostID, before bound: UInt64? = nil, _ body: (UInt64, PersonRow) throws -> Bool
    ) throws {
        try descend(tables.likes, post.rawValue, before: bound) { position, value in
            try body(position, PersonRow(value, table: "likes"))
        }
    }

    /// Lends the followers of an account, newest first, from before a position on, until `body` answers `false`.
    public func followers(
        of account: AccountID, before bound: UInt64? = nil, _ body: (UInt64, PersonRow) throws -> Bool
    ) throws {
        try descend(tables.followers, account.rawValue, before: bound) { position, value in
            try body(position, PersonRow(value, table: "followers"))
        }
    }

    /// Lends the accounts that an account follows, newest first, from before a position on, until `body` answers `false`.
    public func following(
        of account: AccountID, before bound: UInt64? = nil, _ body: (UInt64, PersonRow) throws -> Bool
    ) throws {
        try descend(tables.following, account.rawValue, before: bound) { position, value in
            try body(position, PersonRow(value, table: "following"))
        }
    }

    /// Lends the ids of the accounts that an account follows, in no order that means anything.
    func followedIDs(of account: AccountID, _ body: (AccountID) throws -> Void) throws {
        try ascend(tables.edges, account.rawValue) { followed, _ in
            try body(AccountID(followed))
            return true
        }
    }

    /// Lends an author's posts, newest first, from before a post on, until `body` answers `false`.
    public func posts(by author: AccountID, before bound: PostID? = nil, _ body: (PostRow) throws -> Bool) throws {
        try descend(tables.byTime, author.rawValue, before: bound?.rawValue) { id, _ in
            try body(existing(PostID(id), from: "by_time"))
        }
    }

    /// Lends the replies to a post, newest first, from before a post on, until `body` answers `false`.
    public func replies(to post: PostID, before bound: PostID? = nil, _ body: (PostRow) throws -> Bool) throws {
        try descend(tables.replies, post.rawValue, before: bound?.rawValue) { id, _ in
            try body(existing(PostID(id), from: "replies"))
        }
    }

    /// Lends the places of an author's posts in the order by likes, greatest first, from below a place on, until `body`
    /// answers `false`.
    func descendByLikes(
        of author: AccountID, below bound: PostRank?, _ body: (PostRank) throws -> Bool
    ) throws {
        let bound = bound ?? PostRank(likes: .max, post: PostID(.max))
        try pages.withCursor(tables.byLikes) { cursor in
            let key = RowKey(author: author, likes: bound.likes, post: bound.post)
            var row = try key.withBytes { try cursor.last(before: $0) }
            while let key = row?.key, key.count == 20, key.bigEndianUInt64(at: 0) == author.rawValue {
                let rank = PostRank(likes: key.bigEndianUInt32(at: 8), post: PostID(key.bigEndianUInt64(at: 12)))
                guard try body(rank) else { return }
                row = try cursor.previous()
            }
        }
    }

    /// A post that another table names.
    func existing(_ id: PostID, from table: String) throws -> PostRow {
        guard let row = try post(id) else { throw ViewCorruption(table: table, key: "\(id)") }
        return row
    }
}
