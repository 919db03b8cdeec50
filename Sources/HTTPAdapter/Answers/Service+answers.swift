internal import Application

extension Service {
    /// The position that an answer names when it was not read from a snapshot of its own.
    var position: UInt64 { martlet.visibility.position }

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
