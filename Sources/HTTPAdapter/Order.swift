internal import Application
internal import HTTPServer
internal import Microblog
internal import Projections

/// A command that a request asks for, and how its success is told.
struct Order: Sendable {
    /// How success is told.
    enum Success: Sendable {
        /// 200 `{"result": true}`
        case done
        /// 201 with the id of what was made, in the member of this name
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

    /// Tells what became of the command. On the loop's thread, when queries show it.
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
