import ContractChecks
import HTTPServer
import Testing
import Threads

/// How the requests of a test reach the server. The same test body runs over each.
enum Transport: CaseIterable, Sendable {
    /// Straight into the handler.
    case memory
    /// Over a TCP connection of this machine.
    case socket
}

/// A running server that requests can be sent to, from any thread.
enum Wire: Sendable {
    case memory(MemoryServer, from: PeerAddress = .loopback)
    case socket(port: UInt16)
    /// The socket at a path.
    case control(path: String)

    /// Connects.
    func connect() throws -> WireConnection {
        switch self {
        case .memory(let server, let peer): .memory(server, from: peer)
        case .socket(let port): .socket(try RawClient(port: port, timeout: 60))
        case .control(let path): .socket(try RawClient(path: path, timeout: 60))
        }
    }
}

/// A connection of one client, which sends one request after the other.
enum WireConnection {
    case memory(MemoryServer, from: PeerAddress)
    case socket(RawClient)

    /// Sends a request, and does not wait.
    ///
    /// - Parameter headers: lines, each ended by CRLF.
    /// - Returns: what waits for the answer.
    func send(_ method: String, _ target: String, _ headers: String, body: [UInt8]?) throws -> () throws -> Answer {
        switch self {
        case .memory(let server, let peer):
            let lines = headers.split(separator: "\r\n").map { line in
                let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                return (name: String(parts[0]), value: String(parts[1].drop { $0 == " " }))
            }
            let answers = Mailbox<ResponseRecord?>()
            server.send(Request(method, target, headers: lines, body: body ?? [], peer: peer)) { answers.put($0) }
            return {
                let record = try #require(answers.take()?.first.flatMap { $0 }, "the server has stopped")
                return Answer(status: record.status, headers: record.headers, body: record.body)
            }
        case .socket(let client):
            let length = body.map { "Content-Length: \($0.count)\r\n" } ?? ""
            try client.send("\(method) \(target) HTTP/1.1\r\nHost: test\r\n\(length)\(headers)\r\n")
            if let body { try? client.send(body) }
            return {
                let response = try client.readResponse(isHead: method == "HEAD")
                return Answer(status: response.status, headers: response.headers, body: response.body)
            }
        }
    }
}
