/// The newest posts. Only these can still be liked, answered and deleted. Posts are counted from 1.
struct RecentPosts {
    private struct Post {
        var author = 0
        var isDeleted = false
        var likes = Likes()
    }

    /// How many posts are remembered, and how many likes, which tell what is popular now.
    private static let window = 4_096

    private(set) var newest = 0
    private var posts = [Post](repeating: Post(), count: window)
    private var recentLikes: [(account: Int, post: Int)] = []
    private var nextLike = 0

    /// Adds a post and returns its number.
    mutating func publish(by author: Int) -> Int {
        newest += 1
        posts[newest % RecentPosts.window] = Post(author: author)
        return newest
    }

    /// Picks an existing post. Newer posts, or posts with more recent likes, are more likely. `nil` if none was found.
    func pick(_ random: inout SampleRandom) -> Int? {
        for _ in 0..<4 where newest > 0 {
            let isPopular = !recentLikes.isEmpty && random.chance(inThousand: 700)
            let post =
                isPopular
                ? recentLikes[random.below(recentLikes.count)].post
                : newest - random.zipf(below: Swift.min(newest, RecentPosts.window))
            if isThere(post) { return post }
        }
        return nil
    }

    func author(of post: Int) -> Int {
        posts[post % RecentPosts.window].author
    }

    /// - Returns: whether the account did not like the post before.
    mutating func like(_ post: Int, by account: Int) -> Bool {
        guard posts[post % RecentPosts.window].likes.insert(UInt32(account)) else { return false }
        if recentLikes.count < RecentPosts.window {
            recentLikes.append((account, post))
        } else {
            recentLikes[nextLike] = (account, post)
            nextLike = (nextLike + 1) % RecentPosts.window
        }
        return true
    }

    /// Takes a recent like back; `nil` if none was found.
    mutating func unlike(_ random: inout SampleRandom) -> (account: Int, post: Int)? {
        for _ in 0..<4 where !recentLikes.isEmpty {
            let like = recentLikes[random.below(recentLikes.count)]
            if isThere(like.post), posts[like.post % RecentPosts.window].likes.remove(UInt32(like.account)) {
                return like
            }
        }
        return nil
    }

    mutating func delete(_ post: Int) {
        posts[post % RecentPosts.window].isDeleted = true
        posts[post % RecentPosts.window].likes = Likes()
    }

    private func isThere(_ post: Int) -> Bool {
        post > newest - RecentPosts.window && !posts[post % RecentPosts.window].isDeleted
    }
}

/// The accounts that like a post: a list while there are few, as nearly always.
private struct Likes {
    private static let shortest = 32

    private var few: [UInt32] = []
    private var many: Set<UInt32> = []

    mutating func insert(_ account: UInt32) -> Bool {
        if !many.isEmpty { return many.insert(account).inserted }
        if few.contains(account) { return false }
        few.append(account)
        if few.count > Likes.shortest {
            many = Set(few)
            few = []
        }
        return true
    }

    mutating func remove(_ account: UInt32) -> Bool {
        if !many.isEmpty { return many.remove(account) != nil }
        guard let place = few.firstIndex(of: account) else { return false }
        few.remove(at: place)
        return true
    }
}
