internal import Application
internal import HTTPServer
internal import JSON
internal import Microblog
internal import Projections

/// Accounts, which the API calls users: made by administrators, read by everybody.
enum Accounts {
    static let routes = [
        Route(.get, "/api/users", permission: .anyone, needs: [.follows, .posts], .query(userByHandle)),
        Route(.get, "/api/users/me", needs: [.follows, .posts], .query { try user($0, $0.caller.ownAccount) }),
        Route(.patch, "/api/users/me", body: .json, needs: [.follows, .posts], .command(change)),
        Route(
            .get, "/api/users/{id}", permission: .anyone, needs: [.follows, .posts],
            .query { try user($0, AccountID($0.ids[0])) }),
        Route(.post, "/admin/accounts", body: .json, permission: .admin, .command(register)),
    ]

    private static func userByHandle(_ query: Query) throws {
        guard let text = try query.exchange.parameter("handle") else {
            throw APIError.unprocessable("the parameter handle is missing")
        }
        guard let handle = try? Handle(text), let id = try query.snapshot.account(with: handle) else {
            throw APIError.notFound("there is no account with the handle \"\(text.prefix(64))\"")
        }
        try user(query, id)
    }

    private static func user(_ query: Query, _ id: AccountID) throws {
        let account = try query.account(id)
        var buffer = ResponseBuffer(capacity: 4096)
        buffer.append("{\"result\":true,\"user\":")
        try UserWriter(snapshot: query.snapshot, listLimit: query.service.configuration.embeddedLimit)
            .write(account, to: &buffer)
        buffer.append("}")
        try query.respond(200, buffer)
    }

    /// Changes the caller's name and handle, and answers with the user as queries show it then.
    private static func change(_ write: Write) throws(APIError) -> Order {
        let names = try NewNames(write.exchange.body)
        let caller = try write.caller.ownAccount
        do throws(Rejection) {
            let name: DisplayName? = if let text = names.name { try DisplayName(text) } else { nil }
            let handle: Handle? = if let text = names.handle { try Handle(text) } else { nil }
            return Order(
                .changeAccount(ChangeAccount(account: caller, name: name, handle: handle)),
                .shown { try user($0, caller) })
        } catch {
            throw APIError(.rejected(error))
        }
    }

    private static func register(_ write: Write) throws(APIError) -> Order {
        let account = try NewAccount(write.exchange.body)
        var role = Role.member
        if let text = account.role {
            guard let known = Role.allCases.first(where: { "\($0)" == text }) else {
                throw .unprocessable("role is \"\(text.prefix(64))\"; it must be member or admin")
            }
            role = known
        }
        let key = try key(account.key, write)
        do throws(Rejection) {
            let handle = try Handle(account.handle)
            let name = try DisplayName(account.name)
            let words = [
                ("handle", handle.description), ("name", name.text), ("role", "\(role)"), ("key", key.text),
            ]
            return Order(
                .registerAccount(RegisterAccount(handle: handle, name: name, role: role, key: key.hash)),
                .body { answer($0, words) })
        } catch {
            throw APIError(.rejected(error))
        }
    }

    /// The account that was made, and its key, which is shown this once.
    private static func answer(_ id: UInt64, _ words: [(field: String, value: String)]) -> ResponseBuffer {
        var buffer = ResponseBuffer(capacity: 512)
        buffer.append("{\"result\":true,\"account\":{\"id\":")
        buffer.append(decimal: id)
        for (field, value) in words {
            buffer.append(",")
            buffer.append(jsonString: field)
            buffer.append(":")
            buffer.append(jsonString: value)
        }
        buffer.append("}}")
        return buffer
    }

    /// The key that was asked for, or a new one.
    private static func key(_ text: String?, _ write: Write) throws(APIError) -> AccessKey {
        if let text {
            guard let key = AccessKey(text) else {
                throw .unprocessable("key must have 1 to \(AccessKey.longest) visible ASCII characters")
            }
            return key
        }
        // The key is not stored, and yet a repeated request must get the first answer again: so it follows from what
        // only this caller knows.
        guard let request = try write.exchange.idempotencyKey() else { return .generate() }
        // The operator shows no key, and an idempotency key by itself can be guessed.
        guard case .account = write.caller, let secret = write.exchange.header("api-key") else {
            throw .unprocessable(
                "key is missing: without an api-key, a request with Idempotency-Key must say which key the account gets"
            )
        }
        return .derived(from: [secret, request])
    }

    /// What a change of names says; what is absent stays as it is.
    private struct NewNames {
        let name: String?
        let handle: String?

        init(_ body: [UInt8]) throws(APIError) {
            let names = try JSONObject(body: body)
            do throws(JSONFieldError) {
                name = try names.stringUnlessAbsent("name")
                handle = try names.stringUnlessAbsent("handle")
            } catch {
                throw .unprocessable("\(error)")
            }
            if name == nil, handle == nil {
                throw .unprocessable("there is nothing to change; send \"name\", \"handle\", or both")
            }
        }
    }

    /// What a registration says.
    private struct NewAccount {
        let handle: String
        let name: String
        let key: String?
        let role: String?

        init(_ body: [UInt8]) throws(APIError) {
            let account = try JSONObject(body: body)
            do throws(JSONFieldError) {
                handle = try account.requiredString("handle")
                name = try account.requiredString("name")
                key = try account.string("key")
                role = try account.string("role")
            } catch {
                throw .unprocessable("\(error)")
            }
        }
    }
}

extension Query {
    /// The account that the path names.
    ///
    /// - Throws: 400 where that is no id, 404 where there is none.
    func account() throws -> AccountRow { try account(AccountID(ids[0])) }

    /// An account.
    ///
    /// - Throws: 404 where there is none.
    func account(_ id: AccountID) throws -> AccountRow {
        guard let account = try snapshot.account(id) else { throw APIError.notFound("there is no account \(id)") }
        return account
    }
}

/// Writes an account with its newest followers and followed.
struct UserWriter {
    let snapshot: ViewSnapshot
    /// The most entries of either list.
    let listLimit: Int

    func write(_ account: AccountRow, to buffer: inout ResponseBuffer) throws {
        let counts = try snapshot.followCounts(account.id)
        buffer.append("{\"id\":")
        buffer.append(decimal: account.id.rawValue)
        buffer.append(",\"name\":")
        buffer.append(jsonString: account.name)
        buffer.append(",\"followers\":[")
        try writeList(to: &buffer) { try snapshot.followers(of: account.id, $0) }
        buffer.append("],\"following\":[")
        try writeList(to: &buffer) { try snapshot.following(of: account.id, $0) }
        buffer.append("],\"handle\":")
        buffer.append(jsonString: account.handle)
        buffer.append(",\"created_at\":")
        buffer.append(jsonTime: account.time)
        buffer.append(",\"followers_count\":")
        buffer.append(decimal: UInt64(counts.followers))
        buffer.append(",\"following_count\":")
        buffer.append(decimal: UInt64(counts.following))
        buffer.append(",\"tweets_count\":")
        buffer.append(decimal: UInt64(try snapshot.author(account.id)?.posts ?? 0))
        buffer.append(UInt8(ascii: "}"))
    }

    private func writeList(
        to buffer: inout ResponseBuffer, _ visit: ((UInt64, AccountID) throws -> Bool) throws -> Void
    ) throws {
        guard listLimit > 0 else { return }
        try PeopleWriter.write("{\"id\":", snapshot, to: &buffer) { people, buffer in
            var written = 0
            try visit { _, account in
                try people.add(account, to: &buffer)
                written += 1
                return written < listLimit
            }
        }
    }
}
