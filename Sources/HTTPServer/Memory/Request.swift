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
    /// Where the request seems to come from.
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

    /// The request as it goes over the wire.
    public var bytes: [UInt8] {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: memory\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if !body.isEmpty { head += "Content-Length: \(body.count)\r\n" }
        return Array("\(head)\r\n".utf8) + body
    }
}

/// An answer in memory: what went over the wire, without the lines that are about the connection.
public struct ResponseRecord: Sendable {
    /// The status, such as 200.
    public private(set) var status: Int
    /// Header lines in their order, without `Date` and `Connection`.
    public private(set) var headers: [(name: String, value: String)] = []
    /// The body; empty for a `HEAD` request.
    public private(set) var body: [UInt8]

    /// Reads an answer; `nil` if there is none, because the connection was closed without one.
    init?(_ bytes: [UInt8]) {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        // Leave to send a body, or another answer that stands before the real one.
        if status < 200 {
            guard let answer = ResponseRecord(Array(bytes[end.upperBound...])) else { return nil }
            self = answer
            return
        }
        self.status = status
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0] != "Date", parts[0] != "Connection" else { continue }
            headers.append((String(parts[0]), String(parts[1].dropFirst())))
        }
        body = Array(bytes[end.upperBound...])
    }
}
