/// An answer as it came over the wire.
public struct Answer: Sendable {
    public let status: Int
    public let headers: [(name: String, value: String)]
    public let body: [UInt8]

    public init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The value of the first header line of that name, without regard to case.
    public subscript(name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON; `nil` if it is none.
    public var json: JSONValue? {
        var parser = JSONParser(body)
        return try? parser.parse()
    }

    /// The log position that it reflects.
    public var position: UInt64? { self["Martlet-Position"].flatMap { UInt64($0) } }

    /// The `error_type` of an error.
    public var errorType: String? { json?["error_type"]?.string }
}
