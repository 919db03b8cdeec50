/// A page of a list while it is written: `{"result": true, "<name>": [...], "next_cursor": ...}`.
struct ListAnswer: ~Copyable {
    /// Where the next page begins; `nil` on the last.
    var next: ListCursor?
    private var buffer: ResponseBuffer
    private var count = 0
    private let limit: Int
    private var last: ListCursor?

    init(_ name: StaticString, limit: Int) {
        self.limit = limit
        buffer = ResponseBuffer(capacity: 8192)
        buffer.append("{\"result\":true,\"")
        buffer.append(name)
        buffer.append("\":[")
    }

    /// Writes an entry, or learns from it that there is a further page.
    ///
    /// - Returns: whether to go on.
    mutating func add(_ cursor: ListCursor, _ body: (inout ResponseBuffer) throws -> Void) rethrows -> Bool {
        guard count < limit else {
            next = last
            return false
        }
        try write(body)
        last = cursor
        return true
    }

    /// Writes an entry.
    mutating func write(_ body: (inout ResponseBuffer) throws -> Void) rethrows {
        if count > 0 { buffer.append(UInt8(ascii: ",")) }
        try body(&buffer)
        count += 1
    }

    /// The answer, with a `Link` header to the next page.
    consuming func finish(_ exchange: Exchange, _ service: Service, position: UInt64) -> Response {
        let next = next
        buffer.append("],\"next_cursor\":")
        if let next { buffer.append(jsonString: next.text) } else { buffer.append("null") }
        buffer.append("}")
        var response = service.json(200, buffer, position: position)
        if let next { response.add("Link", string: Self.link(exchange, next)) }
        return response
    }

    private static func link(_ exchange: Exchange, _ next: ListCursor) -> String {
        var target = "<\(exchange.pathText)?cursor=\(next.text)"
        // What is carried on was checked before: it holds nothing that a target would have to escape.
        if next.list == .newest { target += "&sort=newest" }
        if let limit = exchange.query("limit") { target += "&limit=\(limit)" }
        if let likes = exchange.query("likes") { target += "&likes=\(likes)" }
        return target + ">; rel=\"next\""
    }
}
