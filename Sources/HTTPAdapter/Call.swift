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
    let caller: AccountID

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

    /// Makes the answer from the result of the command.
    func response(_ result: Result<CommandOutcome, CommandFailure>, _ service: Service) -> Response {
        switch (result, success) {
        case (.success, .done): return service.json(200, "{\"result\":true}")
        case (.success(.event(let id)), .created(let field)):
            var buffer = ResponseBuffer(capacity: 64)
            buffer.append("{\"result\":true,\"")
            buffer.append(field)
            buffer.append("\":")
            buffer.append(decimal: id)
            buffer.append("}")
            return service.json(201, buffer)
        case (.success(.event(let id)), .body(let write)): return service.json(201, write(id))
        case (.success(.unchanged), _):
            return service.error(.unavailable("the log gave no answer to a command"))
        case (.failure(let failure), _): return service.error(APIError(failure))
        }
    }
}
