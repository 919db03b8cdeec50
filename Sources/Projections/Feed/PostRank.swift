public import Microblog

/// A post's place in the order by likes: the more likes the greater, among equals the newer.
public struct PostRank: Comparable, Hashable, Sendable {
    /// How many likes it has.
    public let likes: UInt32
    /// The post.
    public let post: PostID

    /// Names a place.
    public init(likes: UInt32, post: PostID) {
        self.likes = likes
        self.post = post
    }

    /// Orders by likes, then by age.
    public static func < (left: PostRank, right: PostRank) -> Bool {
        left.likes != right.likes ? left.likes < right.likes : left.post < right.post
    }
}
