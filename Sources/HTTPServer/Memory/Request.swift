/// A request that comes without a socket, for ``MemoryServer``.
public struct Request: Sendable {
    /// The method's name, such as `GET`.
    public var method: String
    /// The target as it stands in a request line: path and query, percent-encoded.
    public var target: String
    /// Header lines in order. No framing is needed.
    public var headers: [(name: String, value: String)]
    /// The body. An empty one counts as no body.
    public var body: [UInt8]
    /// Where it is to seem to come from.
    public var peer: PeerAddress

    /// Makes a request.
    public init(
        _ method: String, _ target: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        peer: PeerAddress = .loopback
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.peer = peer
    }
}

/// An answer in memory: what would go over the wire, without the lines that the connection adds.
public struct ResponseRecord: Sendable {
    /// The status, such as 200.
    public let status: Int
    /// Header lines in their order, with `Content-Length` at the end.
    public private(set) var headers: [(name: String, value: String)] = []
    /// The body; empty for a `HEAD` request.
    public private(set) var body: [UInt8] = []

    init(_ response: consuming Response, isHead: Bool) {
        status = response.status
        for header in response.headers { headers.append(("\(header.name)", header.value.text)) }
        if status != 204, status != 304 { headers.append(("Content-Length", "\(response.length)")) }
        if isHead { return }
        switch response.body {
        case .empty: break
        case .buffer(let buffer): body = Array(buffer.bytes)
        case .text(let text): body = Array("\(text)".utf8)
        case .file(let file): body = file.bytes
        }
    }
}

extension ResponseHeader.Value {
    fileprivate var text: String {
        switch self {
        case .text(let text): "\(text)"
        case .string(let text): text
        case .number(let number): "\(number)"
        }
    }
}
