internal import HTTPServer
internal import Microblog
internal import Projections

/// The posts of an account, those first that it has pinned; pinning and its end.
enum Pins {
    static let routes = [
        Route(.get, "/api/users/{id}/tweets", permission: .anyone, needs: Feed.models + [.pins], .query(tweets)),
        Route(
            .post, "/api/tweets/{id}/pin", needs: Feed.models + [.pins],
            .command { call throws(APIError) in Order(.pinPost(PinPost(PostID(try call.ids[0])))) }),
        Route(
            .delete, "/api/tweets/{id}/pin", needs: Feed.models + [.pins],
            .command { call throws(APIError) in Order(.unpinPost(UnpinPost(PostID(try call.ids[0])))) }),
    ]

    /// First the pins, as they were on the first page: the cursor carries them. Then all others, the newest first.
    private static func tweets(_ query: Query) throws {
        let page = try PageRequest(query.exchange, query.service.configuration, list: .tweets)
        let author = try query.account().id
        let pins = try page.cursor?.pins ?? query.snapshot.pins(of: author)
        var tweets = TweetPage(query, page)
        for index in (page.cursor?.pinsShown ?? 0)..<pins.count {
            // A pin of a deleted post is a free place. One of another account's can only come from a made-up cursor.
            guard let post = try query.snapshot.post(pins[index]), post.author == author else { continue }
            let isTaken = try tweets.add(ListCursor(pins: pins, shown: index + 1), post, isPinned: true)
            guard isTaken else { return try tweets.respond(to: query) }
        }
        try query.snapshot.posts(by: author, before: page.cursor?.bound) { entry, post in
            guard !pins.contains(post.id) else { return true }
            return try tweets.add(ListCursor(pins: pins, shown: pins.count, before: entry.id), post)
        }
        try tweets.respond(to: query)
    }
}

extension ListCursor {
    /// A place in an account's posts: behind so many of its pins, and below an entry, or above all (`nil`).
    init(pins: [PostID], shown: Int, before entry: UInt64? = nil) {
        self.init(.tweets, FeedPlace(likes: UInt32(shown), entry: entry ?? 0), pins: pins)
    }

    /// How many of the pins come before it.
    var pinsShown: Int { min(Int(place.likes), pins.count) }

    /// The entry that the next page begins below; `nil` for the beginning.
    var bound: UInt64? { place.entry == 0 ? nil : place.entry }
}
