internal import LMDB

/// The tables of one generation of read models. `docs/storage-format.md` gives their keys and values.
public struct ViewTables: Sendable {
    // accounts
    /// account (8) -> ``AccountRow``
    let accounts: Table
    /// handle -> account (8)
    let handles: Table
    /// key hash (32) -> account (8); a revoked key has no row
    let keys: Table

    // media
    /// media (8) -> ``MediaRow``
    let media: Table
    /// post (8), media (8) -> nothing
    let postMedia: Table
    /// content hash (32) -> ``ContentRow``
    let contents: Table

    // posts
    /// post (8) -> ``PostRow``
    let posts: Table
    /// author (8), post (8) -> nothing
    let byTime: Table
    /// author (8), likes (4), post (8) -> nothing
    let byLikes: Table
    /// author (8) -> ``AuthorRow``
    let authors: Table
    /// answered post (8), reply (8) -> nothing
    let replies: Table

    // likes
    /// post (8), position of the like (8) -> ``PersonRow``
    let likes: Table
    /// post (8), account (8) -> position of the like (8)
    let likers: Table

    // follows
    /// follower (8), followed (8) -> position of the follow (8)
    let edges: Table
    /// follower (8), position of the follow (8) -> ``PersonRow`` of the followed
    let following: Table
    /// followed (8), position of the follow (8) -> ``PersonRow`` of the follower
    let followers: Table
    /// account (8) -> ``FollowCountsRow``
    let followCounts: Table

    // the store's own
    /// name of a read model -> ``Checkpoint``
    let checkpoints: Table
    /// `log` -> identity of the log that the views were built from; `position` -> position (8) of the last batch
    let meta: Table

    init(_ environment: Environment) throws {
        accounts = try environment.table("accounts")
        handles = try environment.table("handles")
        keys = try environment.table("keys")
        media = try environment.table("media")
        postMedia = try environment.table("post_media")
        contents = try environment.table("contents")
        posts = try environment.table("posts")
        byTime = try environment.table("by_time")
        byLikes = try environment.table("by_likes")
        authors = try environment.table("authors")
        replies = try environment.table("replies")
        likes = try environment.table("likes")
        likers = try environment.table("likers")
        edges = try environment.table("edges")
        following = try environment.table("following")
        followers = try environment.table("followers")
        followCounts = try environment.table("follow_counts")
        checkpoints = try environment.table("checkpoints")
        meta = try environment.table("meta")
    }

    /// The tables that a read model consists of.
    func tables(of model: ReadModel) -> [Table] {
        switch model {
        case .accounts: [accounts, handles, keys]
        case .media: [media, postMedia, contents]
        case .posts: [posts, byTime, byLikes, authors, replies]
        case .likes: [likes, likers]
        case .follows: [edges, following, followers, followCounts]
        }
    }
}
