internal import Microblog
public import PlainMicroblog
public import Projections

extension PlainMicroblog {
    /// Takes in what happened next.
    public mutating func apply(_ recorded: RecordedEvent) {
        apply(recorded.event, by: recorded.issuer, at: recorded.position, time: recorded.time)
    }

    /// ``differences(from:stride:)`` with the generation in use.
    public func differences(from views: ViewGenerations, stride: Int = 1) throws -> [String] {
        try differences(from: views.store, stride: stride)
    }

    /// Asks the read models every query and answers where they differ from what is expected.
    ///
    /// - Parameter stride: asks about every account and post if 1, about every second one if 2, and so on.
    public func differences(from store: ViewStore, stride: Int = 1) throws -> [String] {
        var found: [String] = []
        let counts = rowCounts
        for (_, table, rows, _) in try store.statistics() where rows != counts[table] {
            found.append("\(table) has \(rows) rows, not \(counts[table] ?? -1)")
        }
        try store.read { views in
            func compare(_ query: @autoclosure () -> String, _ answer: String?, _ expected: String?) {
                if answer != expected {
                    found.append("\(query()) is \(answer ?? "nothing"), not \(expected ?? "nothing")")
                }
            }
            compare("position", "\(try views.position())", "\(position)")
            // Numbers beyond the newest event stand for what never was; ids of other kinds are among these, too.
            let numbers = Swift.stride(from: 1, through: position + 3, by: stride)
            for number in numbers {
                let account = AccountID(number)
                compare("account \(number)", try views.account(account).map(Self.text), self.account(account))
                compare("author \(number)", try views.author(account).map(Self.text), author(account))
                let post = PostID(number)
                compare("post \(number)", try views.post(post).map { try Self.text($0, views) }, self.post(post))
                let media = MediaID(number)
                compare("media \(number)", try views.media(media).map(Self.text), self.media(media))
                if accounts[account] != nil { found += try socialDifferences(account, views) }
                if accounts[account] != nil { found += try feedDifferences(account, views) }
                if posts[post] != nil || gonePosts.contains(post) { found += try postDifferences(post, views) }
            }
            for (id, account) in accounts {
                compare("handle \(account.handle)", try views.account(with: account.handle)?.description, "\(id)")
            }
            for key in goneKeys.union(keys.keys) {
                compare("key \(key)", try views.account(with: key)?.description, keys[key]?.description)
            }
            for content in contents {
                compare("content \(content)", try views.content(content).map(Self.text), self.content(content))
            }
        }
        return found
    }

    private func socialDifferences(_ account: AccountID, _ views: ViewSnapshot) throws -> [String] {
        var found: [String] = []
        let counts = try views.followCounts(account)
        if counts.followers != followers[account]?.count ?? 0 || counts.following != following[account]?.count ?? 0 {
            found.append("counts of \(account) are \(counts)")
        }
        for (list, expected) in [
            (try Self.list(views) { try views.followers(of: account, before: $0, $1) }, followers[account]),
            (try Self.list(views) { try views.following(of: account, before: $0, $1) }, following[account]),
        ] where list != persons(expected) {
            found.append("a list of account \(account) is \(list), not \(persons(expected))")
        }
        let pinned = try views.pins(of: account)
        if pinned != pins[account, default: []] {
            found.append("pins of \(account) are \(pinned), not \(pins[account, default: []])")
        }
        for other in accounts.keys {
            let since = following[account]?.first { $0.account == other }?.position
            let answer = try views.follow(of: other, by: account)
            if answer != since { found.append("\(account) follows \(other) since \(answer ?? 0), not \(since ?? 0)") }
        }
        var ids: [PostID] = []
        try views.posts(by: account) { entry, post in
            if entry != FeedEntry(post.id) { found.append("entry \(entry.id) shows post \(post.id)") }
            ids.append(post.id)
            return true
        }
        if ids != posts(by: account) { found.append("posts of \(account) are \(ids), not \(posts(by: account))") }
        return found
    }

    private func postDifferences(_ post: PostID, _ views: ViewSnapshot) throws -> [String] {
        var found: [String] = []
        let list = try Self.list(views) { try views.likes(of: post, before: $0, $1) }
        if list != persons(likes[post]) {
            found.append("likes of post \(post) are \(list), not \(persons(likes[post]))")
        }
        for account in accounts.keys {
            let since = likes[post]?.first { $0.account == account }?.position
            let answer = try views.like(of: post, by: account)
            if answer != since { found.append("\(account) likes \(post) since \(answer ?? 0), not \(since ?? 0)") }
        }
        var ids: [PostID] = []
        try views.replies(to: post) { reply in
            ids.append(reply.id)
            return true
        }
        if ids != replies(to: post) { found.append("replies to \(post) are \(ids), not \(replies(to: post))") }
        return found
    }

    /// How many rows each table has.
    private var rowCounts: [String: Int] {
        let likeCount = likes.values.map(\.count).reduce(0, +)
        let followCount = following.values.map(\.count).reduce(0, +)
        let social = Set(followers.filter { !$0.value.isEmpty }.keys).union(following.filter { !$0.value.isEmpty }.keys)
        return [
            "accounts": accounts.count, "account_changes": accountChanges, "handles": accounts.count,
            "keys": keys.count,
            "media": files.count, "post_media": files.values.filter { $0.post != nil }.count,
            "contents": Set(files.values.map(\.content)).count,
            "posts": posts.count, "by_time": posts.count, "by_likes": posts.count,
            "authors": Set(posts.values.map(\.author)).count,
            "replies": posts.values.filter { $0.replyTo != nil }.count,
            "likes": likeCount, "likers": likeCount,
            "edges": followCount, "following": followCount, "followers": followCount, "follow_counts": social.count,
            "pins": pins.count { !$0.value.isEmpty },
        ]
    }

    private func persons(_ list: [Person]?) -> [String] {
        (list ?? []).reversed().map { "\($0.position): \($0.account) \(accounts[$0.account]?.name.text ?? "?")" }
    }

    /// Reads a list twice: whole, and entry by entry from before the last one; both must say the same.
    private static func list(
        _ views: ViewSnapshot, _ query: (UInt64?, (UInt64, AccountID) throws -> Bool) throws -> Void
    ) throws -> [String] {
        var whole: [String] = []
        try query(nil) { position, account in
            whole.append("\(position): \(account) \(try name(of: account, views))")
            return true
        }
        var pieces: [String] = []
        var bound: UInt64?
        while true {
            let count = pieces.count
            try query(bound) { position, account in
                pieces.append("\(position): \(account) \(try name(of: account, views))")
                bound = position
                return false
            }
            if pieces.count == count { break }
        }
        return whole == pieces ? whole : ["whole \(whole)", "in pieces \(pieces)"]
    }
}
