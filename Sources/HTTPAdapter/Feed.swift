internal import HTTPServer
internal import Microblog
internal import Projections

/// The posts of the caller and of the accounts that the caller follows.
enum Feed {
    /// The read models behind everything that shows posts.
    static let models: [ReadModel] = [.posts, .likes, .follows]

    static let routes = [Route(.get, "/api/tweets", needs: models, .query(feed))]

    private static func feed(_ query: Query) throws {
        let order = try order(query.exchange)
        let kind = order == .popular ? ListCursor.List.popular : .newest
        let page = try PageRequest(query.exchange, query.service.configuration, list: kind, isNumbered: true)
        var tweets = TweetPage(query, page)
        let next = try query.snapshot.feed(
            of: query.caller, order, after: page.cursor?.place, skip: page.skip, limit: page.limit
        ) { post in
            try tweets.add(post)
        }
        tweets.next = next.map { ListCursor(kind, $0) }
        try tweets.respond(to: query)
    }

    private static func order(_ exchange: Exchange) throws(APIError) -> FeedOrder {
        switch try exchange.parameter("sort") {
        case nil, "popular": .popular
        case "newest": .newest
        case .some(let text):
            throw .unprocessable("sort is \"\(text.prefix(64))\"; it must be popular or newest")
        }
    }
}
