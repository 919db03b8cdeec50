public import Microblog
public import Projections

extension PlainViews {
    /// A whole feed, best first; by time the likes are 0, as the read models have it.
    public func feed(of account: AccountID, _ order: FeedOrder) -> [FeedPlace] {
        let authors = Set((following[account] ?? []).map(\.account) + [account])
        let ranks = posts.filter { authors.contains($0.value.author) }.keys.map { id in
            FeedPlace(likes: order == .popular ? likeCount(id) : 0, entry: id.rawValue)
        }
        return ranks.sorted(by: >)
    }

    /// How many like a post.
    public func likeCount(_ post: PostID) -> UInt32 { UInt32(likes[post]?.count ?? 0) }

    /// An author's posts, newest first.
    public func posts(by author: AccountID) -> [PostID] {
        posts.filter { $0.value.author == author }.keys.sorted(by: >)
    }

    /// The replies to a post, newest first.
    public func replies(to post: PostID) -> [PostID] {
        posts.filter { $0.value.replyTo == post }.keys.sorted(by: >)
    }

    /// What the row of an author holds.
    func author(_ author: AccountID) -> String? {
        let posts = posts(by: author)
        guard let newest = posts.first,
            let top = posts.map({ FeedPlace(likes: likeCount($0), entry: $0.rawValue) }).max()
        else { return nil }
        return "newest \(newest) top \(top.entry) with \(top.likes) of \(posts.count)"
    }

    /// How many rows each table has.
    var rowCounts: [String: Int] {
        let likeCount = likes.values.map(\.count).reduce(0, +)
        let followCount = following.values.map(\.count).reduce(0, +)
        let social = Set(followers.filter { !$0.value.isEmpty }.keys).union(following.filter { !$0.value.isEmpty }.keys)
        return [
            "accounts": accounts.count, "account_changes": accountChanges, "handles": accounts.count,
            "keys": keys.count,
            "media": files.count, "post_media": files.values.filter { $0.post != nil }.count,
            "contents": Set(files.values.map(\.file.content)).count,
            "posts": posts.count, "by_time": posts.count, "by_likes": posts.count,
            "authors": Set(posts.values.map(\.author)).count,
            "replies": posts.values.filter { $0.replyTo != nil }.count,
            "likes": likeCount, "likers": likeCount,
            "edges": followCount, "following": followCount, "followers": followCount, "follow_counts": social.count,
        ]
    }
}
