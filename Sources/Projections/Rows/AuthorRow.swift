internal import Bytes
public import Microblog

/// What a feed needs to know of an author before it opens the author's log.
///
/// Row, big-endian: newest post (8), most liked post (8; the newest among equals), its likes (4), number of posts (4).
/// An author without posts has no row.
public struct AuthorRow: Equatable, Sendable {
    /// The newest post.
    public var newest: PostID
    /// The post with the most likes; among equals the newest.
    public var top: PostID
    /// How many likes that one has.
    public var topLikes: UInt32
    /// How many posts there are.
    public var posts: UInt32

    init(newest: PostID, top: PostID, topLikes: UInt32, posts: UInt32) {
        self.newest = newest
        self.top = top
        self.topLikes = topLikes
        self.posts = posts
    }

    init(_ bytes: UnsafeRawBufferPointer) throws(ViewCorruption) {
        guard bytes.count == 24 else { throw ViewCorruption(table: "authors", key: "an author") }
        newest = PostID(bytes.bigEndianUInt64(at: 0))
        top = PostID(bytes.bigEndianUInt64(at: 8))
        topLikes = bytes.bigEndianUInt32(at: 16)
        posts = bytes.bigEndianUInt32(at: 20)
    }

    func append(to row: inout [UInt8]) {
        row.append(bigEndian: newest.rawValue)
        row.append(bigEndian: top.rawValue)
        row.append(bigEndian: topLikes)
        row.append(bigEndian: posts)
    }
}
