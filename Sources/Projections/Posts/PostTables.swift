internal import LMDB
public import Microblog

/// The tables of posts, but for authors' logs: see ``FeedTables``.
struct PostTables: Sendable {
    /// post (8) -> ``PostRow``
    let posts: Table
    /// answered post (8), reply (8) -> nothing
    let replies: Table

    init(_ environment: Environment) throws {
        posts = try environment.table("posts")
        replies = try environment.table("replies")
    }
}

extension ViewSnapshot {
    /// A post, or `nil`.
    public func post(_ id: PostID) throws -> PostRow? {
        try get(tables.posts.posts, RowKey(id.rawValue)).map { try PostRow(id: id, $0) }
    }

    /// Lends the posts of an author's log, newest entry first, from before an entry on, until `body` answers `false`.
    ///
    /// - Parameter body: gets the entry, and the post that it shows.
    public func posts(
        by author: AccountID, before bound: UInt64? = nil, _ body: (FeedEntry, PostRow) throws -> Bool
    ) throws {
        try descend(.newest, of: author, below: bound.map { FeedPlace(likes: 0, entry: $0) }) { _, entry in
            try body(entry, existing(entry.post, from: "by_time"))
        }
    }

    /// Lends the replies to a post, newest first, from before a post on, until `body` answers `false`.
    public func replies(to post: PostID, before bound: PostID? = nil, _ body: (PostRow) throws -> Bool) throws {
        try descend(tables.posts.replies, post.rawValue, before: bound?.rawValue) { id, _ in
            try body(existing(PostID(id), from: "replies"))
        }
    }

    /// A post that another table names.
    func existing(_ id: PostID, from table: String) throws -> PostRow {
        guard let row = try post(id) else { throw ViewCorruption(table: table, key: "\(id)") }
        return row
    }
}
