internal import HTTPServer
internal import Microblog
internal import Projections

/// Follows between accounts: begun, ended and listed.
enum Follows {
    static let routes = [
        Route(
            .post, "/api/users/{id}/follow", needs: [.follows],
            .command { write throws(APIError) in Order(.followAccount(FollowAccount(AccountID(try write.ids[0])))) }),
        Route(
            .delete, "/api/users/{id}/follow", needs: [.follows],
            .command { write throws(APIError) in Order(.unfollowAccount(UnfollowAccount(AccountID(try write.ids[0])))) }
        ),
        Route(
            .get, "/api/users/{id}/followers", permission: .anyone, needs: [.follows],
            .query { query in
                try people(query, .followers) { try query.snapshot.followers(of: $0, before: $1, $2) }
            }),
        Route(
            .get, "/api/users/{id}/following", permission: .anyone, needs: [.follows],
            .query { query in
                try people(query, .following) { try query.snapshot.following(of: $0, before: $1, $2) }
            }),
    ]

    private static func people(
        _ query: Query, _ kind: ListCursor.List,
        _ visit: (AccountID, UInt64?, (UInt64, AccountID) throws -> Bool) throws -> Void
    ) throws {
        let page = try PageRequest(query.exchange, query.service.configuration, list: kind)
        let account = try query.account().id
        var list = ListAnswer("users", limit: page.limit)
        try visit(account, page.cursor?.position) { position, account in
            try list.add(ListCursor(kind, before: position)) {
                try PeopleWriter.write("{\"id\":", account, query.snapshot, to: &$0)
            }
        }
        try query.respond(list)
    }
}
