internal import Microblog
internal import Projections

extension APIHandler {
    /// Answers a query from a snapshot.
    func query(_ exchange: Exchange, _ resource: Resource, _ context: QueryContext) throws {
        switch resource {
        case .tweets: try feed(exchange, context)
        case .tweet(let id): try tweet(exchange, id, context)
        case .tweetLikes(let id): try likes(exchange, id, context)
        case .tweetReplies(let id): try replies(exchange, id, context)
        case .users: try userByHandle(exchange, context)
        case .me: try user(exchange, context.caller, context)
        case .user(let id): try user(exchange, AccountID(positive(id)), context)
        case .userTweets(let id): try tweets(exchange, of: id, context)
        case .followers(let id):
            try people(exchange, id, .followers, context) { try context.snapshot.followers(of: $0, before: $1, $2) }
        case .following(let id):
            try people(exchange, id, .following, context) { try context.snapshot.following(of: $0, before: $1, $2) }
        case .projectors: try projectors(exchange, context)
        default: throw APIError.notFound("there is nothing at this path")
        }
    }

    private func tweet(_ exchange: Exchange, _ id: UInt64?, _ context: QueryContext) throws {
        let page = try PageRequest(exchange, service.configuration, list: .tweets)
        let post = try requirePost(id, context)
        var buffer = ResponseBuffer(capacity: 2048)
        buffer.append("{\"result\":true,\"tweet\":")
        try TweetWriter(snapshot: context.snapshot, caller: context.caller, likesLimit: page.likes)
            .write(post, to: &buffer)
        buffer.append("}")
        exchange.respond(service.json(200, buffer, position: try context.snapshot.position()))
    }

    private func likes(_ exchange: Exchange, _ id: UInt64?, _ context: QueryContext) throws {
        let page = try PageRequest(exchange, service.configuration, list: .likes)
        let post = try requirePost(id, context).id
        var list = ListAnswer("likes", limit: page.limit)
        try context.snapshot.likes(of: post, before: page.cursor?.position) { position, person in
            list.add(ListCursor(.likes, before: position)) { TweetWriter.writeLike(person, to: &$0) }
        }
        exchange.respond(list.finish(exchange, service, position: try context.snapshot.position()))
    }

    private func replies(_ exchange: Exchange, _ id: UInt64?, _ context: QueryContext) throws {
        let page = try PageRequest(exchange, service.configuration, list: .replies)
        let parent = try requirePost(id, context).id
        let writer = TweetWriter(snapshot: context.snapshot, caller: context.caller, likesLimit: page.likes)
        var list = ListAnswer("tweets", limit: page.limit)
        try context.snapshot.replies(to: parent, before: page.cursor?.place.post) { post in
            try list.add(ListCursor(.replies, before: post.id.rawValue)) { try writer.write(post, to: &$0) }
        }
        exchange.respond(list.finish(exchange, service, position: try context.snapshot.position()))
    }

    private func tweets(_ exchange: Exchange, of id: UInt64?, _ context: QueryContext) throws {
        let page = try PageRequest(exchange, service.configuration, list: .tweets)
        let author = try requireAccount(AccountID(positive(id)), context).id
        let writer = TweetWriter(snapshot: context.snapshot, caller: context.caller, likesLimit: page.likes)
        var list = ListAnswer("tweets", limit: page.limit)
        try context.snapshot.posts(by: author, before: page.cursor?.place.post) { post in
            try list.add(ListCursor(.tweets, before: post.id.rawValue)) { try writer.write(post, to: &$0) }
        }
        exchange.respond(list.finish(exchange, service, position: try context.snapshot.position()))
    }

    private func people(
        _ exchange: Exchange, _ id: UInt64?, _ kind: ListCursor.List, _ context: QueryContext,
        _ visit: (AccountID, UInt64?, (UInt64, PersonRow) throws -> Bool) throws -> Void
    ) throws {
        let page = try PageRequest(exchange, service.configuration, list: kind)
        let account = try requireAccount(AccountID(positive(id)), context).id
        var list = ListAnswer("users", limit: page.limit)
        try visit(account, page.cursor?.position) { position, person in
            list.add(ListCursor(kind, before: position)) { TweetWriter.writePerson(person, to: &$0) }
        }
        exchange.respond(list.finish(exchange, service, position: try context.snapshot.position()))
    }

    private func userByHandle(_ exchange: Exchange, _ context: QueryContext) throws {
        guard let text = try exchange.parameter("handle") else {
            throw APIError.unprocessable("the parameter handle is missing")
        }
        guard let handle = try? Handle(text), let id = try context.snapshot.account(with: handle) else {
            throw APIError.notFound("there is no account with the handle \"\(text.prefix(64))\"")
        }
        try user(exchange, id, context)
    }

    private func user(_ exchange: Exchange, _ id: AccountID, _ context: QueryContext) throws {
        let account = try requireAccount(id, context)
        var buffer = ResponseBuffer(capacity: 4096)
        buffer.append("{\"result\":true,\"user\":")
        try UserWriter(snapshot: context.snapshot, listLimit: service.configuration.embeddedLimit)
            .write(account, to: &buffer)
        buffer.append("}")
        exchange.respond(service.json(200, buffer, position: try context.snapshot.position()))
    }

    private func requirePost(_ id: UInt64?, _ context: QueryContext) throws -> PostRow {
        let id = PostID(try positive(id))
        guard let post = try context.snapshot.post(id) else { throw APIError.notFound("there is no tweet \(id)") }
        return post
    }

    private func requireAccount(_ id: AccountID, _ context: QueryContext) throws -> AccountRow {
        guard let account = try context.snapshot.account(id) else {
            throw APIError.notFound("there is no account \(id)")
        }
        return account
    }
}

/// - Throws: 400 where the path has no id.
func positive(_ id: UInt64?) throws(APIError) -> UInt64 {
    guard let id else { throw .badRequest("the id in the path is no positive integer below 2^53") }
    return id
}
