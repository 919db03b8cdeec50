internal import Bytes
internal import Microblog

/// What a feed needs to know about an author before it opens the author's log.
///
/// Row, big-endian: newest entry (8), most liked entry (8; the newest among equals), its likes (4), number of posts
/// (4). If one of the two entries shows another post than the one of its own id, the posts that they show follow: of
/// the newest (8), of the most liked (8). An author without entries has no row.
public struct AuthorRow: Equatable, Sendable {
    /// The newest entry.
    public var newest: FeedEntry
    /// The entry with the most likes; among equal ones the newest.
    public var top: FeedEntry
    /// How many likes the most liked entry has.
    public var topLikes: UInt32
    /// How many posts there are.
    public var posts: UInt32

    init(newest: FeedEntry, top: FeedEntry, topLikes: UInt32, posts: UInt32) {
        self.newest = newest
        self.top = top
        self.topLikes = topLikes
        self.posts = posts
    }

    init(_ bytes: UnsafeRawBufferPointer) throws(ViewCorruption) {
        guard bytes.count == 24 || bytes.count == 40 else { throw ViewCorruption(table: "authors", key: "an author") }
        let (newest, top) = (bytes.bigEndianUInt64(at: 0), bytes.bigEndianUInt64(at: 8))
        let isLong = bytes.count == 40
        self.newest = FeedEntry(id: newest, showing: PostID(isLong ? bytes.bigEndianUInt64(at: 24) : newest))
        self.top = FeedEntry(id: top, showing: PostID(isLong ? bytes.bigEndianUInt64(at: 32) : top))
        topLikes = bytes.bigEndianUInt32(at: 16)
        posts = bytes.bigEndianUInt32(at: 20)
    }

    /// The best entry in an order, and its place.
    @inline(__always)
    func best(_ order: FeedOrder) -> (entry: FeedEntry, place: FeedPlace) {
        switch order {
        case .popular: (top, FeedPlace(likes: topLikes, entry: top.id))
        case .newest: (newest, FeedPlace(likes: 0, entry: newest.id))
        }
    }

    func append(to row: inout [UInt8]) {
        row.append(bigEndian: newest.id)
        row.append(bigEndian: top.id)
        row.append(bigEndian: topLikes)
        row.append(bigEndian: posts)
        guard newest.post.rawValue != newest.id || top.post.rawValue != top.id else { return }
        row.append(bigEndian: newest.post.rawValue)
        row.append(bigEndian: top.post.rawValue)
    }
}
