public import Microblog
public import PlainMicroblog
public import Projections

extension PlainMicroblog {
    /// Where pages of an account's feeds differ from what is expected: whole, by skipping, and from place to place.
    func feedDifferences(_ account: AccountID, _ views: ViewSnapshot) throws -> [String] {
        var found: [String] = []
        for order in [FeedOrder.popular, .newest] {
            let expected = feed(of: account, order).map { PostID($0.entry) }
            func compare(_ way: String, _ answer: [PostID]) {
                guard answer != expected else { return }
                found.append("\(order) feed of \(account) \(way) is \(answer), not \(expected)")
            }
            compare("whole", try Self.page(views, account, order, limit: expected.count + 1).posts)
            // Small pages of a long feed would take their time, and show no more.
            for size in expected.count <= 60 ? [1, 3, 10] : [expected.count / 5 + 1] {
                var skipped: [PostID] = []
                for skip in stride(from: 0, through: expected.count, by: size) {
                    skipped += try Self.page(views, account, order, skip: skip, limit: size).posts
                }
                compare("in pages of \(size)", skipped)
                var followed: [PostID] = []
                var place: FeedPlace?
                var pages = 0
                repeat {
                    let page = try Self.page(views, account, order, after: place, limit: size)
                    followed += page.posts
                    place = page.next
                    pages += 1
                    if let place, followed.last?.rawValue != place.entry {
                        found.append("the next place is not the last post's")
                    }
                } while place != nil
                compare("from place to place by \(size)", followed)
                if pages != max(1, (expected.count + size - 1) / size) {
                    found.append("a feed of \(expected.count) came in \(pages) pages of \(size)")
                }
            }
        }
        return found
    }

    /// The places of a whole feed, best first; by time the likes are 0, as the read models have it.
    public func feed(of account: AccountID, _ order: FeedOrder) -> [FeedPlace] {
        feed(of: account, byLikes: order == .popular).map { post in
            FeedPlace(likes: order == .popular ? likeCount(post) : 0, entry: post.rawValue)
        }
    }

    /// One page of a feed.
    public static func page(
        _ views: ViewSnapshot, _ account: AccountID, _ order: FeedOrder, after place: FeedPlace? = nil, skip: Int = 0,
        limit: Int
    ) throws -> (posts: [PostID], next: FeedPlace?) {
        var posts: [PostID] = []
        let next = try views.feed(of: account, order, after: place, skip: skip, limit: limit) { posts.append($0.id) }
        return (posts, next)
    }
}
