internal import Bytes
internal import LMDB
public import Microblog

/// The two orders of a feed.
public enum FeedOrder: Sendable {
    /// Most liked first, and among equal ones the newest first.
    case popular
    /// Newest first.
    case newest
}

/// An entry of an author's log and of feeds: the event that put it there, and the post that it shows.
///
/// An author's own post is the entry with its own id. Another entry may show a post of somebody else.
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

    /// The entry of a post in its author's log.
    public init(_ post: PostID) { self.init(id: post.rawValue, showing: post) }

    /// Reads the value of a row in an author's log: the post (8). It is empty if the entry is the post itself, as most
    /// entries are.
    init(id: UInt64, value: UnsafeRawBufferPointer, table: String) throws(ViewCorruption) {
        guard value.count == 0 || value.count == 8 else { throw ViewCorruption(table: table, key: "entry \(id)") }
        self.init(id: id, showing: PostID(value.count == 0 ? id : value.bigEndianUInt64(at: 0)))
    }

    /// Appends the value of such a row.
    func appendValue(to row: inout [UInt8]) {
        if post.rawValue != id { row.append(bigEndian: post.rawValue) }
    }
}

/// An entry's place in a feed, after which the next page begins: more likes are greater, and among equal likes the
/// newer entry is greater. In the order of time all places have 0 likes.
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

    /// Orders by likes, then by the entry's position.
    @inlinable
    public static func < (left: FeedPlace, right: FeedPlace) -> Bool {
        left.likes != right.likes ? left.likes < right.likes : left.entry < right.entry
    }
}

/// The tables of authors' logs, which feeds are merged from. They belong to the posts' read model, because they change
/// with the same post.
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
