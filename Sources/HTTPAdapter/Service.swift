internal import Application
internal import HTTPServer
internal import Threads

/// What all loops share.
final class Service: Sendable {
    let martlet: Martlet
    let configuration: AdapterConfiguration
    let limiter: RateLimiter?
    let webRoot: WebRoot?
    let counters = Guarded<@Sendable () -> ServerCounters>({ ServerCounters() })

    init(_ martlet: Martlet, _ configuration: AdapterConfiguration) {
        self.martlet = martlet
        self.configuration = configuration
        limiter = configuration.requestsPerSecond > 0 ? RateLimiter(perSecond: configuration.requestsPerSecond) : nil
        webRoot = configuration.webRoot.map { WebRoot($0) }
    }

    /// The position that an answer names when it was not read from a snapshot of its own.
    var position: UInt64 { martlet.visiblePosition }

    /// A JSON answer.
    func json(_ status: Int, _ body: consuming ResponseBuffer, position: UInt64? = nil) -> Response {
        var response = Response(status: status, contentType: "application/json", body: body)
        response.add("Martlet-Position", number: position ?? self.position)
        return response
    }

    /// A JSON answer that is known beforehand.
    func json(_ status: Int, _ text: StaticString) -> Response {
        var response = Response(status: status, contentType: "application/json", text: text)
        response.add("Martlet-Position", number: position)
        return response
    }

    /// An error in the contract's form.
    func error(_ error: APIError) -> Response {
        var buffer = ResponseBuffer(capacity: 256)
        buffer.append("{\"result\":false,\"error_type\":")
        buffer.append(jsonString: error.type)
        buffer.append(",\"error_message\":")
        buffer.append(jsonString: error.message)
        buffer.append("}")
        var response = json(error.status, buffer)
        if let seconds = error.retryAfter { response.add("Retry-After", number: UInt64(seconds)) }
        return response
    }
}
