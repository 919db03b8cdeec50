internal import HTTPServer
internal import Microblog
internal import Projections

/// A page of tweets while it is made.
///
/// Likes within tweets are the most of a page. If the tweets that the client may get, times the likes that each may
/// show, stay within the bound, each tweet is written as soon as it is found. Else the tweets are gathered first, and
/// one number of likes is chosen for all of them.
struct TweetPage: ~Copyable {
    private struct Tweet {
        let post: PostRow
        let isPinned: Bool
    }

    private var list: ListAnswer
    private var writer: TweetWriter
    private let likesBound: Int
    private let isGathering: Bool
    private var gathered: [Tweet] = []

    init(_ query: Query, _ page: PageRequest) {
        list = ListAnswer("tweets", limit: page.limit)
        writer = TweetWriter(snapshot: query.snapshot, caller: query.caller.accountID, likesLimit: page.likes)
        likesBound = query.service.configuration.pageLikes
        isGathering = page.limit * page.likes > likesBound
    }

    /// Where the next page begins, if not behind the last tweet of ``add(_:isPinned:_:)``.
    var next: ListCursor? {
        get { list.next }
        set { list.next = newValue }
    }

    /// Adds a tweet, or notes that there is another page.
    ///
    /// - Returns: whether to go on.
    mutating func add(_ cursor: ListCursor, _ post: PostRow, isPinned: Bool = false) throws -> Bool {
        guard list.hasRoom(for: cursor) else { return false }
        try add(post, isPinned: isPinned)
        return true
    }

    /// Adds a tweet.
    mutating func add(_ post: PostRow, isPinned: Bool = false) throws {
        if isGathering {
            gathered.append(Tweet(post: post, isPinned: isPinned))
        } else {
            try list.write { try writer.write(post, isPinned: isPinned, to: &$0) }
        }
    }

    /// Answers with the page.
    consuming func respond(to query: Query) throws {
        writer.likesLimit = Self.likesLimit(gathered.map(\.post.likes), atMost: writer.likesLimit, sum: likesBound)
        for tweet in gathered {
            try list.write { try writer.write(tweet.post, isPinned: tweet.isPinned, to: &$0) }
        }
        try query.respond(list)
    }

    /// The largest number of likes for each tweet, with which all of them together show at most `sum` likes.
    ///
    /// - Parameter counts: how many likes each tweet has.
    static func likesLimit(_ counts: [UInt32], atMost highest: Int, sum bound: Int) -> Int {
        func fits(_ limit: Int) -> Bool {
            var sum = 0
            for count in counts { sum += min(limit, Int(count)) }
            return sum <= bound
        }
        guard !fits(highest) else { return highest }
        // The sum grows with the limit: halve the span between one that fits and one that does not.
        var (low, high) = (0, highest)
        while high - low > 1 {
            let middle = (low + high) / 2
            if fits(middle) { low = middle } else { high = middle }
        }
        return low
    }
}
