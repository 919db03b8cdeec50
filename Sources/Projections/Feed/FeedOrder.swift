/// The two orders of a feed.
public enum FeedOrder: Sendable {
    /// Most liked first, newest first among equals.
    case popular
    /// Newest first.
    case newest
}

/// A place in a feed, after which the next page begins. Both orders use it; by time `likes` counts for nothing.
public typealias FeedPlace = PostRank
