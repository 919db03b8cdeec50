internal import HTTPServer
internal import Microblog
internal import Projections

/// The posts of the caller and of the accounts that the caller follows.
enum Feed {
    /// The read models behind everything that shows posts.
    static let models: [ReadModel] = [.posts, .likes, .follows]

    static let routes = [Route(.get, "/api/tweets", needs: models, .query(feed))]

    /// What a request asks of the feed.
    struct Request {
        let order: FeedOrder
        let page: PageRequest

        /// The list that its cursors belong to.
        var list: ListCursor.List { order == .popular ? .popular : .newest }

        init(_ exchange: Exchange, _ configuration: AdapterConfiguration) throws(APIError) {
            order =
                switch try exchange.parameter("sort") {
                case nil, "popular": .popular
                case "newest": .newest
                case .some(let text):
                    throw .unprocessable("sort is \"\(text.prefix(64))\"; it must be popular or newest")
                }
            page = try PageRequest(
                exchange, configuration, list: order == .popular ? .popular : .newest, isNumbered: true)
        }
    }

    private static func feed(_ query: Query) throws {
        let slices = query.service.configuration.feedSlices
        let request = try Request(query.exchange, query.service.configuration)
        let (place, skip) = (request.page.cursor?.place, request.page.skip)
        if request.order == .newest, place == nil, skip == 0 { return try respondWithNewest(query, request) }
        // A page beyond the end has nothing left to pass over, however far down it is.
        var walk = try FeedWalk(query.snapshot, of: query.caller.ownAccount, request.order, after: place, skip: skip)
        guard walk.left <= slices.longest else {
            throw APIError.unprocessable(
                "this page skips \(skip) tweets, and a numbered page skips at most \(slices.longest); "
                    + "walk on from an earlier page with cursor")
        }
        guard walk.left <= slices.entries else { return try SlicedFeed.begin(walk, to: request, for: query) }
        _ = try walk.pass(in: query.snapshot)
        try respond(query, request, &walk)
    }

    /// Answers with the first page by time, which readers ask for again and again.
    private static func respondWithNewest(_ query: Query, _ request: Request) throws {
        var page = TweetPage(query, request.page)
        let next = try query.snapshot.newestFeed(of: query.caller.ownAccount, limit: request.page.limit) {
            try page.add($0)
        }
        page.next = next.map { ListCursor(request.list, $0) }
        try page.respond(to: query)
    }

    /// Answers with the page that a walk has reached.
    static func respond(_ query: Query, _ request: Request, _ walk: inout FeedWalk) throws {
        var page = TweetPage(query, request.page)
        let next = try walk.page(of: request.page.limit, in: query.snapshot) { try page.add($0) }
        page.next = next.map { ListCursor(request.list, $0) }
        try page.respond(to: query)
    }
}
