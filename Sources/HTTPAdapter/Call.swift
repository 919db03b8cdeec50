internal import Application
internal import HTTPServer
internal import Microblog
internal import Projections

/// A request that is being handled, with what was found out about it once: its route and the numbers in its path.
struct Call {
    let exchange: Exchange
    let route: Route
    let ids: PathIDs
    let handler: APIHandler

    var service: Service { handler.service }
}

/// A call that is answered from one snapshot: an answer is one moment.
struct Query {
    let call: Call
    let snapshot: ViewSnapshot
    let caller: Issuer

    var exchange: Exchange { call.exchange }
    var ids: PathIDs { call.ids }
    var service: Service { call.service }

    /// Answers with JSON, and names the snapshot's position.
    func respond(_ status: Int = 200, _ body: consuming ResponseBuffer) throws {
        exchange.respond(service.json(status, body, position: try snapshot.position()))
    }

    /// Answers with a page of a list.
    func respond(_ list: consuming ListAnswer) throws {
        exchange.respond(list.finish(exchange, service, position: try snapshot.position()))
    }
}

/// A call that changes something: what its handler needs to say which command to execute.
struct Write {
    let call: Call
    let caller: Issuer

    var exchange: Exchange { call.exchange }
    var ids: PathIDs { call.ids }
    var service: Service { call.service }
}

extension Issuer {
    /// The account; `nil` for the operator.
    var accountID: AccountID? {
        if case .account(let id) = self { id } else { nil }
    }

    /// The account that acts for itself or asks about itself. A route that asks for it has ``Route/Permission/account``.
    ///
    /// - Throws: 403 for the operator.
    var ownAccount: AccountID {
        get throws(APIError) {
            guard let accountID else { throw .noAccount }
            return accountID
        }
    }
}

extension APIError {
    /// 403: the operator asks for what only an account can have.
    static let noAccount = APIError(
        403, "forbidden",
        "over the control socket the operator calls, who has no account; send this with an account's api-key to the "
            + "address that the server listens on")
}

/// A value of a loop's thread that other threads carry and bring back.
struct Carried<Value>: @unchecked Sendable {
    // because only the loop's thread puts the value in and takes it out again.
    let value: Value

    init(_ value: Value) { self.value = value }
}

/// A command that a request asks for, and how to answer when it succeeds.
struct Order: Sendable {
    /// How to answer when the command succeeds.
    enum Success: Sendable {
        /// 200 `{"result": true}`
        case done
        /// 201 with the id of the new entity, in the member of this name
        case created(StaticString)
        /// 201 with a body of its own, made from the id
        case body(@Sendable (UInt64) -> ResponseBuffer)
        /// The answer to a query that shows what has changed
        case shown(@Sendable (Query) throws -> Void)
    }

    let command: Command
    let success: Success
    /// Keeps an uploaded file from the sweeper until the event that names it is visible.
    var file: StoredMedia?

    init(_ command: Command, _ success: Success = .done, keeping file: StoredMedia? = nil) {
        self.command = command
        self.success = success
        self.file = file
    }

    /// Answers with what became of the command, on the loop's thread. By then queries show it.
    func answer(_ write: Write, _ result: Result<CommandOutcome, CommandFailure>) {
        let service = write.service
        let response: Response
        switch (result, success) {
        case (.success, .done): response = service.json(200, "{\"result\":true}")
        case (.success, .shown(let show)):
            do throws(APIError) {
                return try write.call.handler.read { snapshot in
                    try show(Query(call: write.call, snapshot: snapshot, caller: write.caller))
                }
            } catch {
                response = service.error(error)
            }
        case (.success(.event(let id)), .created(let field)):
            var buffer = ResponseBuffer(capacity: 64)
            buffer.append("{\"result\":true,\"")
            buffer.append(field)
            buffer.append("\":")
            buffer.append(decimal: id)
            buffer.append("}")
            response = service.json(201, buffer)
        case (.success(.event(let id)), .body(let body)): response = service.json(201, body(id))
        case (.success(.unchanged), .created), (.success(.unchanged), .body):
            response = service.error(.unavailable("the log gave no answer to a command"))
        case (.failure(let failure), _): response = service.error(APIError(failure))
        }
        write.exchange.respond(response)
    }
}
