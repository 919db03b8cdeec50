internal import Bytes
internal import LMDB
public import Microblog

/// The two orders of a feed.
public enum FeedOrder: Sendable {
    /// Most liked first, newest first among equals.
    case popular
    /// Newest first.
    case newest
}

/// What stands in an author's log and in feeds: the event that put something there, and the post that it shows.
///
/// A post of the author's own is the entry of its own id. Another entry may show a post of somebody else.
public struct FeedEntry: Hashable, Sendable {
    /// The position of the event that put it there.
    public let id: UInt64
    /// The post that it shows.
    public let post: PostID

    /// Names an entry.
    public init(id: UInt64, showing post: PostID) {
        self.id = id
        self.post = post
    }

    /// The entry that a post is for its author.
    public init(_ post: PostID) { self.init(id: post.rawValue, showing: post) }

    /// Reads the value of a row in an author's log: the post (8), or nothing where the entry is that post itself, as most
    /// are.
    init(id: UInt64, value: UnsafeRawBufferPointer, table: String) throws(ViewCorruption) {
        guard value.count == 0 || value.count == 8 else { throw ViewCorruption(table: table, key: "entry \(id)") }
        self.init(id: id, showing: PostID(value.count == 0 ? id : value.bigEndianUInt64(at: 0)))
    }

    /// Appends that value.
    func appendValue(to row: inout [UInt8]) {
        if post.rawValue != id { row.append(bigEndian: post.rawValue) }
    }
}

/// An entry's place in a feed, after which the next page begins: the more likes the greater, among equals the newer.
/// By time all places have 0 likes.
public struct FeedPlace: Comparable, Hashable, Sendable {
    /// How many likes its post has.
    public let likes: UInt32
    /// The entry.
    public let entry: UInt64

    /// Names a place.
    public init(likes: UInt32, entry: UInt64) {
        self.likes = likes
        self.entry = entry
    }

    /// Orders by likes, then by age.
    @inlinable
    public static func < (left: FeedPlace, right: FeedPlace) -> Bool {
        left.likes != right.likes ? left.likes < right.likes : left.entry < right.entry
    }
}

/// The tables of authors' logs, which feeds are merged from. They belong to the posts' read model: all of them change with
/// the same post.
struct FeedTables: Sendable {
    /// author (8), entry (8) -> value of a ``FeedEntry``
    let byTime: Table
    /// author (8), likes (4), entry (8) -> value of a ``FeedEntry``
    let byLikes: Table
    /// author (8) -> ``AuthorRow``
    let authors: Table

    init(_ environment: Environment) throws {
        byTime = try environment.table("by_time")
        byLikes = try environment.table("by_likes")
        authors = try environment.table("authors")
    }
}
