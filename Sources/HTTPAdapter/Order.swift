internal import Application
internal import HTTPServer
internal import Microblog

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

    /// Tells what became of the command.
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
