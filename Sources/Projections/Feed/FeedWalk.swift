public import Microblog

/// The way to a page of an account's feed: over the entries that come before it, then the page.
///
/// Feeds are merged from the authors' logs when they are read. Nothing is copied to followers when a post is written.
///
/// A long way can be gone in parts, each over the snapshot of its time. An entry that keeps its place is passed over
/// once, whatever is written meanwhile. One whose likes change may be passed over twice or not at all. The page itself
/// is one moment: it shows what stands, in the snapshot of ``page(of:in:_:)``, below the last entry passed over.
public struct FeedWalk {
    private let account: AccountID
    private let order: FeedOrder
    private var merge: FeedMerge
    /// How many entries are still to be passed over. It is 0 at once if the feed has no more than those.
    public private(set) var left: Int
    /// The last entry passed over; `nil` at the beginning.
    private var place: FeedPlace?
    /// The position of the snapshot that the walk was interrupted in; `nil` while it has been in one only.
    private var interruption: UInt64?

    /// How many entries are passed over between two looks at the time.
    private static let entriesBetweenLooks = 64

    /// Stands at the beginning of a feed, or at a place in it.
    ///
    /// Costs one small look-up for each account that is followed.
    ///
    /// - Parameters:
    ///   - account: whose feed it is: its own posts and those of the accounts that it follows.
    ///   - order: by likes or by time.
    ///   - place: the feed begins after it; `nil` for the beginning.
    ///   - skip: how many entries come before the page.
    public init(
        _ snapshot: ViewSnapshot, of account: AccountID, _ order: FeedOrder, after place: FeedPlace? = nil,
        skip: Int = 0
    ) throws {
        self.account = account
        self.order = order
        // In the order of time all places have 0 likes. So this place gets 0 likes too, and is compared by its entry
        // alone.
        self.place = order == .newest ? place.map { FeedPlace(likes: 0, entry: $0.entry) } : place
        merge = FeedMerge(order)
        left = skip
        let entries = try merge.addFeed(of: account, after: self.place, in: snapshot)
        // The counts tell without a walk that nothing is so far down.
        if skip >= entries, skip > 0 { end() }
    }

    /// Passes over entries, until the page is reached or it is time for something else.
    ///
    /// - Parameters:
    ///   - count: the most entries to pass over now.
    ///   - isTimeUp: asked now and then whether to stop.
    /// - Returns: whether the page is reached. If not, call it again, in this snapshot or a later one.
    public mutating func pass(
        atMost count: Int = .max, in snapshot: ViewSnapshot, until isTimeUp: () -> Bool = { false }
    ) throws -> Bool {
        var passed = 0
        while left > 0 {
            let isLook = passed > 0 && passed % Self.entriesBetweenLooks == 0
            if passed == count || (isLook && isTimeUp()) {
                // The candidates are at least as old as this, so the page must not be made of them in a later snapshot.
                interruption = try interruption ?? snapshot.position()
                return false
            }
            guard let best = try merge.pop(in: snapshot) else {
                end()
                break
            }
            place = best.place
            left -= 1
            passed += 1
        }
        return true
    }

    /// Lends the page, once it is reached.
    ///
    /// - Parameters:
    ///   - limit: how many entries the page has at most.
    ///   - body: gets the posts in order.
    /// - Returns: the place after which the next page begins, or `nil` if this is the last.
    public mutating func page(
        of limit: Int, in snapshot: ViewSnapshot, _ body: (PostRow) throws -> Void
    ) throws -> FeedPlace? {
        precondition(left == 0, "the page is not reached")
        guard limit > 0 else { return nil }
        if let interruption, try snapshot.position() != interruption {
            // Some candidates may be gone, or have better ones before them now. This is done once a walk, not once a
            // part.
            merge = FeedMerge(order)
            _ = try merge.addFeed(of: account, after: place, in: snapshot)
            self.interruption = nil
        }
        var last: FeedPlace?
        for _ in 0..<limit {
            guard let best = try merge.pop(in: snapshot) else { return nil }
            try body(snapshot.existing(best.post, from: order == .popular ? "by_likes" : "by_time"))
            last = best.place
        }
        return merge.isExhausted ? nil : last
    }

    /// There is nothing as far down as the page.
    private mutating func end() {
        left = 0
        merge = FeedMerge(order)
        interruption = nil
    }
}
