internal import Application
internal import Microblog
internal import Projections

extension APIHandler {
    /// The command that a request asks for.
    func plan(
        _ exchange: Exchange, _ resource: Resource, _ caller: AccountID, _ snapshot: ViewSnapshot
    ) throws -> PlannedCommand {
        func done(_ command: Command) -> PlannedCommand { PlannedCommand(command: command, answer: .done) }
        switch (resource, exchange.method) {
        case (.tweets, _): return PlannedCommand(command: try BodyReader.tweet(exchange.body), answer: .tweet)
        case (.tweet(let id), _): return done(.deletePost(PostID(try positive(id))))
        case (.tweetLikes(let id), .post): return done(.likePost(PostID(try positive(id))))
        case (.tweetLikes(let id), _): return done(.unlikePost(PostID(try positive(id))))
        case (.follow(let id), .post): return done(.followAccount(AccountID(try positive(id))))
        case (.follow(let id), _): return done(.unfollowAccount(AccountID(try positive(id))))
        case (.tweetMedia(let tweet, let media), _):
            return done(.attachMedia(MediaID(try positive(media)), to: PostID(try positive(tweet))))
        case (.medias, _):
            let file = try uploaded(exchange)
            return PlannedCommand(
                command: .uploadMedia(content: file.content, type: file.type, size: file.size), answer: .media)
        case (.accounts, _):
            try requireAdmin(caller, snapshot)
            return try registration(exchange)
        default: throw APIError.notFound("there is nothing at this path")
        }
    }

    /// Suspends the exchange until the command's event is visible, or it is known that there is none.
    func execute(_ planned: PlannedCommand, by caller: AccountID, _ exchange: Exchange) throws(APIError) {
        let key = try exchange.idempotencyKey()
        // Keeps an uploaded file from the sweeper until the event that names it is visible.
        let kept = (exchange.context as? MediaSink)?.stored
        let pending = PendingAnswer(exchange.suspend(), until: deadline) { [service] in
            service.error(
                .unavailable("the request is not done yet and may still succeed; look before you send it again"))
        }
        expect(pending)
        let answer = planned.answer
        service.martlet.execute(planned.command, by: .account(caller), idempotencyKey: key) { [service] result in
            withExtendedLifetime(kept) {}
            pending.resume { exchange in exchange.respond(service.answer(result, answer)) }
        }
    }
}

extension Service {
    /// Tells what became of a command.
    func answer(_ result: Result<CommandOutcome, CommandFailure>, _ answer: PlannedCommand.Answer) -> Response {
        switch (result, answer) {
        case (.success, .done): return json(200, "{\"result\":true}")
        case (.success(.event(let id)), .tweet): return created("tweet_id", id)
        case (.success(.event(let id)), .media): return created("media_id", id)
        case (.success(.event(let id)), .account(let handle, let name, let role, let key)):
            var buffer = ResponseBuffer(capacity: 512)
            buffer.append("{\"result\":true,\"account\":{\"id\":")
            buffer.append(decimal: id)
            for (field, value) in [("handle", handle), ("name", name), ("role", "\(role)"), ("key", key)] {
                buffer.append(",")
                buffer.append(jsonString: field)
                buffer.append(":")
                buffer.append(jsonString: value)
            }
            buffer.append("}}")
            return json(201, buffer)
        case (.success(.unchanged), _): return error(.unavailable("the log gave no answer to a command"))
        case (.failure(let failure), _): return error(APIError(failure))
        }
    }

    private func created(_ field: StaticString, _ id: UInt64) -> Response {
        var buffer = ResponseBuffer(capacity: 64)
        buffer.append("{\"result\":true,\"")
        buffer.append(field)
        buffer.append("\":")
        buffer.append(decimal: id)
        buffer.append("}")
        return json(201, buffer)
    }
}
