internal import HTTPServer
internal import Microblog
internal import Projections

/// Likes of posts: given, taken back and listed.
enum Likes {
    static let routes = [
        Route(.get, "/api/tweets/{id}/likes", permission: .anyone, needs: Feed.models, .query(likes)),
        Route(
            .post, "/api/tweets/{id}/likes", needs: Feed.models,
            .command { write throws(APIError) in Order(.likePost(LikePost(PostID(try write.ids[0])))) }),
        Route(
            .delete, "/api/tweets/{id}/likes", needs: Feed.models,
            .command { write throws(APIError) in Order(.unlikePost(UnlikePost(PostID(try write.ids[0])))) }),
    ]

    private static func likes(_ query: Query) throws {
        let page = try PageRequest(query.exchange, query.service.configuration, list: .likes)
        let post = try query.post().id
        var list = ListAnswer("likes", limit: page.limit)
        try query.snapshot.likes(of: post, before: page.cursor?.position) { position, account in
            try list.add(ListCursor(.likes, before: position)) {
                try PeopleWriter.write("{\"user_id\":", account, query.snapshot, to: &$0)
            }
        }
        try query.respond(list)
    }
}
