internal import Bytes
public import Microblog

extension ViewSnapshot {
    /// An account, or `nil`.
    public func account(_ id: AccountID) throws -> AccountRow? {
        try get(tables.accounts, RowKey(id.rawValue)).map { try AccountRow(id: id, $0) }
    }

    /// The account with a handle, or `nil`.
    public func account(with handle: Handle) throws -> AccountID? {
        try id(get(tables.handles, RowKey(handle)), "handles")
    }

    /// The account that a key acts for, or `nil`.
    public func account(with key: KeyHash) throws -> AccountID? {
        try id(get(tables.keys, RowKey(key.rawValue)), "keys")
    }

    /// A post, or `nil`.
    public func post(_ id: PostID) throws -> PostRow? {
        try get(tables.posts, RowKey(id.rawValue)).map { try PostRow(id: id, $0) }
    }

    /// What an author's log holds, or `nil` if the author has no posts.
    public func author(_ id: AccountID) throws -> AuthorRow? {
        try get(tables.authors, RowKey(id.rawValue)).map { try AuthorRow($0) }
    }

    /// The position at which an account's like of a post began, or `nil`.
    public func like(of post: PostID, by account: AccountID) throws -> UInt64? {
        try number(get(tables.likers, RowKey(post.rawValue, account.rawValue)), "likers")
    }

    /// The position at which an account began to follow another, or `nil`.
    public func follow(of followed: AccountID, by follower: AccountID) throws -> UInt64? {
        try number(get(tables.edges, RowKey(follower.rawValue, followed.rawValue)), "edges")
    }

    /// How many follow an account, and how many it follows.
    public func followCounts(_ account: AccountID) throws -> FollowCountsRow {
        try get(tables.followCounts, RowKey(account.rawValue)).map { try FollowCountsRow($0) } ?? FollowCountsRow()
    }

    /// An uploaded file, or `nil`.
    public func media(_ id: MediaID) throws -> MediaRow? {
        try get(tables.media, RowKey(id.rawValue)).map { try MediaRow($0) }
    }

    /// A stored content that some uploaded file holds, or `nil`.
    public func content(_ hash: ContentHash) throws -> ContentRow? {
        try get(tables.contents, RowKey(hash.rawValue)).map { try ContentRow($0) }
    }

    private func id(_ row: UnsafeRawBufferPointer?, _ table: String) throws -> AccountID? {
        try number(row, table).map { AccountID($0) }
    }

    private func number(_ row: UnsafeRawBufferPointer?, _ table: String) throws -> UInt64? {
        guard let row else { return nil }
        guard row.count == 8 else { throw ViewCorruption(table: table, key: "a number") }
        return row.bigEndianUInt64(at: 0)
    }
}
