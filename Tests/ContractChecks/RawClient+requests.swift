extension RawClient {
    /// Sends a request without a body and reads its answer.
    ///
    /// - Parameter headers: further lines, each ended by CRLF.
    public func get(_ target: String, method: String = "GET", headers: String = "") throws -> RawResponse {
        try send("\(method) \(target) HTTP/1.1\r\nHost: test\r\n\(headers)\r\n")
        return try readResponse(isHead: method == "HEAD")
    }

    /// Sends a request with a body and its Content-Length, and reads its answer.
    public func post(
        _ target: String, _ body: [UInt8], method: String = "POST", headers: String = ""
    ) throws -> RawResponse {
        try send(
            "\(method) \(target) HTTP/1.1\r\nHost: test\r\n\(headers)Content-Length: \(body.count)\r\n\r\n")
        try send(body)
        return try readResponse()
    }

    /// Sends a request with a text as its body, and reads its answer.
    public func post(_ target: String, _ body: String, headers: String = "") throws -> RawResponse {
        try post(target, Array(body.utf8), headers: headers)
    }
}
