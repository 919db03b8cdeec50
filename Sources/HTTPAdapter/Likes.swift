internal import HTTPServer
internal import Microblog
internal import Projections

/// Likes of posts: given, taken back and listed.
enum Likes {
    static let routes = [
        Route(.get, "/api/tweets/{id}/likes", needs: Feed.models, .query(likes)),
        Route(
            .post, "/api/tweets/{id}/likes", needs: Feed.models,
            .command { call throws(APIError) in Order(.likePost(PostID(try call.ids[0]))) }),
        Route(
            .delete, "/api/tweets/{id}/likes", needs: Feed.models,
            .command { call throws(APIError) in Order(.unlikePost(PostID(try call.ids[0]))) }),
    ]

    private static func likes(_ query: Query) throws {
        let page = try PageRequest(query.exchange, query.service.configuration, list: .likes)
        let post = try query.post().id
        var list = ListAnswer("likes", limit: page.limit)
        try query.snapshot.likes(of: post, before: page.cursor?.position) { position, person in
            list.add(ListCursor(.likes, before: position)) { write(person, to: &$0) }
        }
        try query.respond(list)
    }

    /// Writes who likes a post.
    static func write(_ person: PersonRow, to buffer: inout ResponseBuffer) {
        buffer.append("{\"user_id\":")
        buffer.append(decimal: person.account.rawValue)
        buffer.append(",\"name\":")
        buffer.append(jsonString: person.name)
        buffer.append(UInt8(ascii: "}"))
    }
}
