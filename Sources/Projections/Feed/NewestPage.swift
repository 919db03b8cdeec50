internal import Bytes
internal import LMDB
public import Microblog

extension ViewSnapshot {
    /// Lends the first page of an account's feed, newest first: the same as ``feed(of:_:after:skip:limit:_:)``.
    ///
    /// For who follows many, this merges what is new into what he saw last, if the reader of this snapshot was given a
    /// ``FeedCache``.
    ///
    /// - Parameters:
    ///   - account: whose feed it is.
    ///   - limit: how many entries the page has at most.
    ///   - body: gets the posts in order.
    /// - Returns: the place after which the next page begins, or `nil` if this is the last.
    public func newestFeed(
        of account: AccountID, limit: Int, _ body: (PostRow) throws -> Void
    ) throws -> FeedPlace? {
        guard limit > 0, let feeds else { return try feed(of: account, .newest, limit: limit, body) }
        let following = try followCounts(account).following
        guard following >= feeds.cache.leastFollowing else { return try feed(of: account, .newest, limit: limit, body) }
        var page = NewestPage(
            self, of: account, limit: limit, following: following, at: try position(),
            accountsPerLook: feeds.cache.accountsPerLook)
        let source = try page.find(feeds)
        feeds.cache.note(source)
        for post in page.posts.prefix(limit) { try body(post) }
        return page.next
    }
}

/// The first page of an account's newest feed while it is looked for.
///
/// All ways to it lead to the same entries, because an entry's number is the position of its event:
///
/// 1. What is new is at the end of the table of posts, in the order of the feed. A look-up for each of them tells
///    whether its author is followed.
/// 2. Where the posts begin that the reader has seen, the entries that he saw follow. Those without a post were deleted.
/// 3. If neither can be, or it would take too long, the logs of all followed accounts are merged.
///
/// One entry more than the page has tells whether there is a next page.
struct NewestPage {
    /// How many posts are looked at before it is asked how many more there will be.
    private static let looksBetweenForecasts = 8
    /// How many entries are remembered at most: a page of the usual size, or some more than this page.
    private static let usuallySeen = 64
    private static let spare = 32

    private let snapshot: ViewSnapshot
    private let account: AccountID
    private let limit: Int
    private let following: UInt32
    private let position: UInt64
    /// One of the newest posts is looked at for so many followed accounts at most.
    private let accountsPerLook: Int
    /// How many were looked at.
    private var looks = 0

    /// The posts of the first entries, as many as the page has at least.
    private(set) var posts: [PostRow] = []
    private var entries: [FeedEntry] = []

    /// - Parameters:
    ///   - following: how many the account follows in the snapshot.
    ///   - position: the position of the snapshot.
    ///   - accountsPerLook: see ``FeedCache``.
    init(
        _ snapshot: ViewSnapshot, of account: AccountID, limit: Int, following: UInt32, at position: UInt64,
        accountsPerLook: Int
    ) {
        self.snapshot = snapshot
        self.account = account
        self.limit = limit
        self.following = following
        self.position = position
        self.accountsPerLook = accountsPerLook
        posts.reserveCapacity(limit + 1)
        entries.reserveCapacity(limit + 1)
    }

    /// The place after which the next page begins.
    var next: FeedPlace? { isFull ? FeedPlace(likes: 0, entry: entries[limit - 1].id) : nil }

    private var isFull: Bool { entries.count > limit }

    /// Finds the page, and remembers it for the next time.
    mutating func find(_ memory: FeedMemory) throws -> FeedSource {
        let nothing = SeenFeed.nothing(in: memory.generation, following: following)
        let seen = try recall(memory) ?? nothing
        let isKnown = seen.position > 0
        // How far back the posts go that a known reader has not seen can be told at once; how many of them fill the page
        // of another one, only by and by. So less is lost with those if it was in vain.
        let most = Int(following) / (isKnown ? accountsPerLook : 2 * accountsPerLook)
        switch try look(after: seen.position, atMost: most) {
        case .full:
            memory.cache.remember(seeing(nothing, from: 0, isWhole: false), of: account)
            return .posts
        case .reached:
            let taken = try take(seen.entries)
            guard isFull || seen.isWhole else { break }
            // What was seen is good for later snapshots, too, as long as nobody has posted.
            if looks > 0 {
                memory.cache.remember(seeing(seen, from: taken, isWhole: seen.isWhole), of: account)
            }
            return isKnown ? .seen : .posts
        case .givenUp: break
        }
        memory.cache.remember(try merge(nothing), of: account)
        return .merge
    }

    /// What the account saw last, if that can be brought forward to the snapshot.
    private func recall(_ memory: FeedMemory) throws -> SeenFeed? {
        guard let seen = memory.cache.seen(by: account), seen.generation == memory.generation,
            try seen.holds(for: account, in: snapshot, at: position, following: following)
        else { return nil }
        return seen
    }

    /// How a look at the newest posts ended.
    private enum Look {
        /// At the position up to which the feed is known.
        case reached
        /// Before that, with enough for the page.
        case full
        /// With less, as going on would take longer than merging.
        case givenUp
    }

    /// Takes the feed's entries after a position, or as many as the page needs. So far all entries are the authors' own
    /// posts, so the table of posts has them all.
    ///
    /// - Parameter most: how many looks there may be, about.
    private mutating func look(after start: UInt64, atMost most: Int) throws -> Look {
        guard start < position else { return .reached }
        return try snapshot.pages.withCursor(snapshot.tables.posts.posts) { cursor in
            var row = try cursor.last()
            while let (key, value) = row {
                guard key.count == 8 else { throw ViewCorruption(table: "posts", key: "a post") }
                let id = key.bigEndianUInt64(at: 0)
                guard id > start else { break }
                if looks % Self.looksBetweenForecasts == 0, looks > 0, forecast(back: id, to: start) > most {
                    return .givenUp
                }
                looks += 1
                let post = try PostRow(id: PostID(id), value)
                if try post.author == account || snapshot.follow(of: post.author, by: account) != nil {
                    append(FeedEntry(post.id), post)
                    if isFull { return .full }
                }
                row = try cursor.previous()
            }
            return .reached
        }
    }

    /// How many looks it will take in all, if the rest is like what was looked at: to the end of the page, or to the
    /// position that is known. From a log's beginning on, that would be a poor guess.
    private func forecast(back id: UInt64, to start: UInt64) -> Int {
        let page = entries.isEmpty ? Int.max : looks * (limit + 1) / entries.count
        guard start > 0 else { return page }
        return min(page, looks * Int(position - start) / Int(position - min(id, position) + 1))
    }

    /// Takes entries that were seen before, if their posts are still there, until the page is full.
    ///
    /// - Returns: how many were looked at.
    private mutating func take(_ seen: [FeedEntry]) throws -> Int {
        for (index, entry) in seen.enumerated() {
            if isFull { return index }
            if let post = try snapshot.post(entry.post) { append(entry, post) }
        }
        return seen.count
    }

    /// Takes the page from the logs of all followed accounts.
    private mutating func merge(_ nothing: SeenFeed) throws -> SeenFeed {
        posts.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
        var merge = FeedMerge(.newest)
        _ = try merge.addFeed(of: account, after: nil, in: snapshot)
        while entries.count < limit, let best = try merge.pop(in: snapshot) {
            append(
                FeedEntry(id: best.place.entry, showing: best.post), try snapshot.existing(best.post, from: "by_time"))
        }
        // The first of the next page need not be read.
        if let best = merge.best { entries.append(best) }
        return seeing(nothing, from: 0, isWhole: merge.isExhausted)
    }

    private mutating func append(_ entry: FeedEntry, _ post: PostRow) {
        entries.append(entry)
        posts.append(post)
    }

    /// What the account has seen with this page: its entries, and then those that it saw before from an index on.
    private func seeing(_ before: SeenFeed, from index: Int, isWhole: Bool) -> SeenFeed {
        let rest = before.entries[index...]
        let room = max(Self.usuallySeen, limit + Self.spare) - entries.count
        var all: [FeedEntry] = []
        all.reserveCapacity(entries.count + min(room, rest.count))
        all += entries
        all += rest.prefix(room)
        return SeenFeed(
            generation: before.generation, position: position, following: following, entries: all,
            isWhole: isWhole && rest.count <= room)
    }
}
