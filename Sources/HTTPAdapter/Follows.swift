internal import HTTPServer
internal import Microblog
internal import Projections

/// Who follows whom: begun, ended and listed.
enum Follows {
    static let routes = [
        Route(
            .post, "/api/users/{id}/follow", needs: [.follows],
            .command { call throws(APIError) in Order(.followAccount(AccountID(try call.ids[0]))) }),
        Route(
            .delete, "/api/users/{id}/follow", needs: [.follows],
            .command { call throws(APIError) in Order(.unfollowAccount(AccountID(try call.ids[0]))) }),
        Route(
            .get, "/api/users/{id}/followers", needs: [.follows],
            .query { query in
                try people(query, .followers) { try query.snapshot.followers(of: $0, before: $1, $2) }
            }),
        Route(
            .get, "/api/users/{id}/following", needs: [.follows],
            .query { query in
                try people(query, .following) { try query.snapshot.following(of: $0, before: $1, $2) }
            }),
    ]

    private static func people(
        _ query: Query, _ kind: ListCursor.List,
        _ visit: (AccountID, UInt64?, (UInt64, PersonRow) throws -> Bool) throws -> Void
    ) throws {
        let page = try PageRequest(query.exchange, query.service.configuration, list: kind)
        let account = try query.account().id
        var list = ListAnswer("users", limit: page.limit)
        try visit(account, page.cursor?.position) { position, person in
            list.add(ListCursor(kind, before: position)) { write(person, to: &$0) }
        }
        try query.respond(list)
    }

    /// Writes a follower, or who is followed.
    static func write(_ person: PersonRow, to buffer: inout ResponseBuffer) {
        buffer.append("{\"id\":")
        buffer.append(decimal: person.account.rawValue)
        buffer.append(",\"name\":")
        buffer.append(jsonString: person.name)
        buffer.append(UInt8(ascii: "}"))
    }
}
