internal import Microblog
internal import Projections

extension APIHandler {
    /// Answers the caller's feed.
    func feed(_ exchange: Exchange, _ context: QueryContext) throws {
        let order = try feedOrder(exchange)
        let kind = order == .popular ? ListCursor.List.popular : .newest
        let page = try PageRequest(exchange, service.configuration, list: kind, isNumbered: true)
        let writer = TweetWriter(snapshot: context.snapshot, caller: context.caller, likesLimit: page.likes)
        var list = ListAnswer("tweets", limit: page.limit)
        let next = try context.snapshot.feed(
            of: context.caller, order, after: page.cursor?.place, skip: page.skip, limit: page.limit
        ) { post in
            try list.write { try writer.write(post, to: &$0) }
        }
        list.next = next.map { ListCursor(kind, $0) }
        exchange.respond(list.finish(exchange, service, position: try context.snapshot.position()))
    }

    private func feedOrder(_ exchange: Exchange) throws(APIError) -> FeedOrder {
        switch try exchange.parameter("sort") {
        case nil, "popular": .popular
        case "newest": .newest
        case .some(let text):
            throw .unprocessable("sort is \"\(text.prefix(64))\"; it must be popular or newest")
        }
    }
}
