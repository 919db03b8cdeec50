public import Microblog

extension ViewSnapshot {
    /// Lends a page of an account's feed: its own posts and those of the accounts that it follows.
    ///
    /// Feeds are merged at reading, from the authors' logs; nothing is copied to followers at writing.
    ///
    /// - Parameters:
    ///   - account: whose feed it is.
    ///   - order: by likes or by time.
    ///   - place: the page begins after it; `nil` for the beginning.
    ///   - skip: how many posts to pass over first.
    ///   - limit: how many posts the page has at most.
    ///   - body: gets the posts in order.
    /// - Returns: the place after which the next page begins, or `nil` if this is the last.
    public func feed(
        of account: AccountID, _ order: FeedOrder, after place: FeedPlace? = nil, skip: Int = 0, limit: Int,
        _ body: (PostRow) throws -> Void
    ) throws -> FeedPlace? {
        guard limit > 0 else { return nil }
        // By time all ranks have 0 likes, so a place must have them, too, to compare with these by its post alone.
        let place = order == .newest ? place.map { FeedPlace(likes: 0, post: $0.post) } : place
        var merge = FeedMerge(self, order)
        try merge.add(account, after: place)
        try followedIDs(of: account) { try merge.add($0, after: place) }
        merge.arrange()
        for _ in 0..<skip {
            guard try merge.pop() != nil else { return nil }
        }
        var last: PostRank?
        for _ in 0..<limit {
            guard let rank = try merge.pop() else { return nil }
            try body(existing(rank.post, from: order == .popular ? "by_likes" : "by_time"))
            last = rank
        }
        return merge.isExhausted ? nil : last
    }
}
