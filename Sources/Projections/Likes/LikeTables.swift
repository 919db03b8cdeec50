internal import LMDB
public import Microblog

/// The tables of likes.
struct LikeTables: Sendable {
    /// post (8), position of the like (8) -> account (8)
    let likes: Table
    /// post (8), account (8) -> position of the like (8)
    let likers: Table

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
