internal import HTTPServer
internal import JSON
internal import Microblog
internal import Projections

/// Posts, which the API calls tweets: published, read, listed and deleted.
enum Posts {
    static let routes = [
        Route(.post, "/api/tweets", body: .post, needs: Feed.models, .command(publish)),
        Route(.get, "/api/tweets/{id}", permission: .anyone, needs: Feed.models, .query(tweet)),
        Route(
            .delete, "/api/tweets/{id}", needs: Feed.models,
            .command { write throws(APIError) in Order(.deletePost(DeletePost(PostID(try write.ids[0])))) }),
        Route(.get, "/api/tweets/{id}/replies", permission: .anyone, needs: Feed.models, .query(replies)),
    ]

    private static func publish(_ write: Write) throws(APIError) -> Order {
        let tweet = try JSONObject(body: write.exchange.body)
        do throws(JSONFieldError) {
            let ids = 1...Int64(PathSegments.highestID)
            return Order(
                .publishPost(
                    PublishPost(
                        text: try tweet.requiredString("tweet_data"),
                        replyTo: try tweet.integer("reply_to", in: ids).map { PostID(UInt64($0)) },
                        media: try tweet.integers("tweet_media_ids", in: ids).map { MediaID(UInt64($0)) })),
                .created("tweet_id"))
        } catch {
            throw .unprocessable("\(error)")
        }
    }

    private static func tweet(_ query: Query) throws {
        let page = try PageRequest(query.exchange, query.service.configuration, list: .tweets)
        let post = try query.post()
        var buffer = ResponseBuffer(capacity: 2048)
        buffer.append("{\"result\":true,\"tweet\":")
        try TweetWriter(snapshot: query.snapshot, caller: query.caller.accountID, likesLimit: page.likes)
            .write(post, to: &buffer)
        buffer.append("}")
        try query.respond(200, buffer)
    }

    private static func replies(_ query: Query) throws {
        let page = try PageRequest(query.exchange, query.service.configuration, list: .replies)
        let parent = try query.post().id
        var tweets = TweetPage(query, page)
        try query.snapshot.replies(to: parent, before: page.cursor.map { PostID($0.position) }) { post in
            try tweets.add(ListCursor(.replies, before: post.id.rawValue), post)
        }
        try tweets.respond(to: query)
    }
}

extension Query {
    /// The post that the path names.
    ///
    /// - Throws: 400 if the path does not hold an id, 404 if there is no such post.
    func post() throws -> PostRow {
        let id = PostID(try ids[0])
        guard let post = try snapshot.post(id) else { throw APIError.notFound("there is no tweet \(id)") }
        return post
    }
}

/// Writes tweets as one caller sees them.
struct TweetWriter {
    let snapshot: ViewSnapshot
    /// Whose like is shown first; `nil` for nobody's.
    let caller: AccountID?
    /// The most likes to show on each.
    var likesLimit: Int

    /// - Parameter isPinned: whether it stands first because its author pinned it.
    func write(_ post: PostRow, isPinned: Bool = false, to buffer: inout ResponseBuffer) throws {
        buffer.append("{\"id\":")
        buffer.append(decimal: post.id.rawValue)
        buffer.append(",\"content\":")
        buffer.append(jsonString: post.text)
        buffer.append(",\"attachments\":[")
        for index in 0..<post.attachmentCount {
            if index > 0 { buffer.append(UInt8(ascii: ",")) }
            buffer.append(UInt8(ascii: "\""))
            buffer.append(text: MediaPath(try post.attachment(at: index)).text)
            buffer.append(UInt8(ascii: "\""))
        }
        buffer.append("],\"author\":{\"id\":")
        buffer.append(decimal: post.author.rawValue)
        buffer.append(",\"name\":")
        try snapshot.withName(of: post.author) { buffer.append($0) }
        buffer.append("},\"likes\":[")
        let own = post.likes > 0 ? try caller.flatMap { try snapshot.like(of: post.id, by: $0) } : nil
        if likesLimit > 0, post.likes > 0 { try writeLikes(of: post.id, own: own, to: &buffer) }
        buffer.append("],\"created_at\":")
        buffer.append(jsonTime: post.time)
        buffer.append(",\"likes_count\":")
        buffer.append(decimal: UInt64(post.likes))
        if own != nil {
            buffer.append(",\"liked\":true,\"reply_to\":")
        } else {
            buffer.append(",\"liked\":false,\"reply_to\":")
        }
        if let replyTo = post.replyTo { buffer.append(decimal: replyTo.rawValue) } else { buffer.append("null") }
        if isPinned { buffer.append(",\"pinned\":true") }
        buffer.append(UInt8(ascii: "}"))
    }

    /// The caller's own like comes first, so that a page can show it, however many likes there are. The newest follow.
    private func writeLikes(of post: PostID, own: UInt64?, to buffer: inout ResponseBuffer) throws {
        try PeopleWriter.write("{\"user_id\":", snapshot, to: &buffer) { people, buffer in
            var written = 0
            if own != nil, let caller {
                try people.add(caller, to: &buffer)
                written = 1
            }
            guard written < likesLimit else { return }
            try snapshot.likes(of: post) { position, account in
                if position == own { return true }
                try people.add(account, to: &buffer)
                written += 1
                return written < likesLimit
            }
        }
    }
}
