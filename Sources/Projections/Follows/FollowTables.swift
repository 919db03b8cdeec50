internal import Bytes
internal import LMDB
public import Microblog

/// The tables of follows.
struct FollowTables: Sendable {
    /// follower (8), followed (8) -> position of the follow (8)
    let edges: Table
    /// follower (8), position of the follow (8) -> followed (8)
    let following: Table
    /// followed (8), position of the follow (8) -> follower (8)
    let followers: Table
    /// account (8) -> ``FollowCountsRow``
    let counts: Table

    init(_ environment: Environment) throws {
        edges = try environment.table("edges")
        following = try environment.table("following")
        followers = try environment.table("followers")
        counts = try environment.table("follow_counts")
    }

    var all: [Table] { [edges, following, followers, counts] }
}

extension ViewSnapshot {
    /// Lends the followers of an account, newest first, from before a position on, until `body` answers `false`.
    ///
    /// - Parameter body: gets the position of the follow, and who follows.
    public func followers(
        of account: AccountID, before bound: UInt64? = nil, _ body: (UInt64, AccountID) throws -> Bool
    ) throws {
        try people(tables.follows.followers, account.rawValue, before: bound, body)
    }

    /// Lends the accounts that an account follows, newest first, from before a position on, until `body` answers
    /// `false`.
    public func following(
        of account: AccountID, before bound: UInt64? = nil, _ body: (UInt64, AccountID) throws -> Bool
    ) throws {
        try people(tables.follows.following, account.rawValue, before: bound, body)
    }

    /// Lends the ids of the accounts that an account follows, in no particular order.
    func followedIDs(of account: AccountID, _ body: (AccountID) throws -> Void) throws {
        try ascend(tables.follows.edges, account.rawValue) { followed, _ in
            try body(AccountID(followed))
            return true
        }
    }

    /// The position at which an account began to follow another, or `nil`.
    public func follow(of followed: AccountID, by follower: AccountID) throws -> UInt64? {
        try number(get(tables.follows.edges, RowKey(follower.rawValue, followed.rawValue)), "edges")
    }

    /// How many follow an account, and how many it follows.
    public func followCounts(_ account: AccountID) throws -> FollowCountsRow {
        try get(tables.follows.counts, RowKey(account.rawValue)).map { try FollowCountsRow($0) } ?? FollowCountsRow()
    }
}

/// How many accounts follow one, and how many it follows. Row, big-endian: followers (4), following (4).
public struct FollowCountsRow: Equatable, Sendable {
    /// How many follow the account.
    public var followers: UInt32
    /// How many the account follows.
    public var following: UInt32

    init(followers: UInt32 = 0, following: UInt32 = 0) {
        self.followers = followers
        self.following = following
    }

    init(_ bytes: UnsafeRawBufferPointer) throws(ViewCorruption) {
        guard bytes.count == 8 else { throw ViewCorruption(table: "follow_counts", key: "an account") }
        followers = bytes.bigEndianUInt32(at: 0)
        following = bytes.bigEndianUInt32(at: 4)
    }

    func append(to row: inout [UInt8]) {
        row.append(bigEndian: followers)
        row.append(bigEndian: following)
    }
}
