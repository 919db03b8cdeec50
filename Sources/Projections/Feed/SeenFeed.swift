internal import Microblog

/// The beginning of an account's newest feed as it was at a position: what a reader saw there, and some entries more.
///
/// It holds entries only, so what a page shows of them (likes, names) is always that of the page's own snapshot. It is
/// also all that is needed to see what became of the feed since: ``NewestPage``.
struct SeenFeed: Sendable {
    /// The generation of read models that it was read from.
    let generation: Int
    /// The position of the snapshot.
    let position: UInt64
    /// How many accounts were followed.
    let following: UInt32
    /// The first entries, newest first. Posts that were deleted since are still here.
    let entries: [FeedEntry]
    /// Whether the feed has no entry after these.
    let isWhole: Bool

    /// What everybody has seen at the beginning of the log: all of a feed without entries.
    static func nothing(in generation: Int, following: UInt32) -> SeenFeed {
        SeenFeed(generation: generation, position: 0, following: following, entries: [], isWhole: true)
    }

    /// The bytes that it takes in a ``FeedCache``: the entries, and around them their array's header, the place in the
    /// cache, and what the tables of the cache and the allocator leave free.
    var byteCount: Int { 160 + MemoryLayout<FeedEntry>.stride * entries.count }

    /// Whether another one is of a later moment.
    func isOlder(than other: SeenFeed) -> Bool {
        (generation, position) < (other.generation, other.position)
    }

    /// Whether it can be brought forward to a snapshot: the snapshot is not older, and the account follows whom it
    /// followed.
    ///
    /// Each follow has a row with its position. If the newest is not after this position, none was added since; and then
    /// an equal number means that none was taken away.
    func holds(for account: AccountID, in snapshot: ViewSnapshot, at now: UInt64, following: UInt32) throws -> Bool {
        guard position <= now, self.following == following else { return false }
        guard position < now else { return true }
        var newest: UInt64 = 0
        try snapshot.following(of: account) { position, _ in
            newest = position
            return false
        }
        return newest <= position
    }
}
