internal import Glibc
internal import LocalSockets

/// Asks a running server over its control socket. It speaks just that: HTTP/1.1 with `Content-Length`, one request a
/// connection.
///
/// All calls block, for ``patience`` at most.
public struct ControlClient: Sendable {
    /// The path of the socket.
    public let path: String
    /// The longest that a question and its answer may take together.
    public var patience = Duration.seconds(30)
    /// The most bytes of an answer's body.
    public var longestBody = 16 << 20

    /// - Parameter path: the path of the socket, however long.
    public init(path: String) { self.path = path }

    /// Sends a request and reads the answer, whatever its status.
    ///
    /// - Parameters:
    ///   - target: path and query, percent-encoded.
    ///   - body: JSON; an empty one counts as none.
    /// - Throws: ``ControlError``. The request may have had its effect then, unless nobody listens.
    public func ask(_ method: String, _ target: String, body: [UInt8] = []) throws(ControlError) -> ControlAnswer {
        let connection = try Connection(path, patience)
        var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        if !body.isEmpty { head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n" }
        do throws(ControlError) {
            try connection.send(Array("\(head)\r\n".utf8) + body)
        } catch .ended {
            // Who refuses a request may answer before all of it came in.
        }
        var reader = AnswerReader(longestBody: longestBody)
        while true {
            if let answer = try reader.answer() { return answer }
            let bytes = try connection.receive()
            guard !bytes.isEmpty else { throw .ended }
            reader.take(bytes)
        }
    }
}

/// Why a server was not asked, or did not answer.
public enum ControlError: Error, Equatable, CustomStringConvertible {
    /// There is no socket at the path.
    case missing(String)
    /// There is a socket, and no server behind it.
    case deserted(String)
    /// The user may not reach the socket.
    case notPermitted(String)
    /// A call failed; `code` is its `errno`.
    case system(path: String, call: String, code: Int32)
    /// There was no whole answer within the time.
    case late(Duration)
    /// The server closed the connection before the end of its answer.
    case ended
    /// What came is no answer of HTTP/1.1 with a length.
    case malformed(String)
    /// The answer is longer than its reader takes, in bytes.
    case tooLong(limit: Int)

    /// Whether no server can have got the request.
    public var isUnheard: Bool {
        switch self {
        case .missing, .deserted, .notPermitted: true
        case .system(_, let call, _): call == "socket" || call == "connect"
        case .late, .ended, .malformed, .tooLong: false
        }
    }

    /// One line for people, with what to do.
    public var description: String {
        switch self {
        case .missing(let path):
            "there is no control socket \(path): no server runs on this directory, or it could not make one and said why "
                + "at its start"
        case .deserted(let path):
            "nobody listens at \(path): the server has ended without removing it; the next start does"
        case .notPermitted(let path):
            "you may not use \(path): only the user who runs the server may, and root"
        case .system(let path, let call, let code):
            "cannot reach the server at \(path): \(call): \(String(cString: strerror(code))) (errno \(code))"
        case .late(let patience): "the server has not answered within \(patience)"
        case .ended: "the server closed the connection before it had answered"
        case .malformed(let reason): "what the server answered is not understood: \(reason)"
        case .tooLong(let limit): "the server's answer is longer than \(limit) bytes"
        }
    }
}

/// A connection to the socket, with a time when all must be done.
private final class Connection {
    private let descriptor: Int32
    private let path: String
    private let patience: Duration
    private let end: ContinuousClock.Instant

    init(_ path: String, _ patience: Duration) throws(ControlError) {
        self.path = path
        self.patience = patience
        end = .now + patience
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system(path: path, call: "socket", code: errno) }
        try limitTime()
        let descriptor = descriptor
        guard LocalAddress.lend(path, to: { connect(descriptor, $0, $1) }) == 0 else {
            throw failure("connect", errno)
        }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) throws(ControlError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            try limitTime()
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count >= 0 { rest = rest.dropFirst(count) } else if errno != EINTR { throw failure("send", errno) }
        }
    }

    /// - Returns: some bytes; none at the end.
    func receive() throws(ControlError) -> [UInt8] {
        while true {
            try limitTime()
            var count = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { room, filled in
                count = recv(descriptor, room.baseAddress, room.count, 0)
                filled = max(0, count)
            }
            if count >= 0 { return bytes }
            if errno != EINTR { throw failure("recv", errno) }
        }
    }

    /// The next call gets the time that is left.
    private func limitTime() throws(ControlError) {
        let left = Int((end - .now) / .microseconds(1))
        guard left > 0 else { throw .late(patience) }
        var limit = timeval(tv_sec: left / 1_000_000, tv_usec: left % 1_000_000)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    private func failure(_ call: String, _ code: Int32) -> ControlError {
        switch code {
        case ENOENT, ENOTDIR: .missing(path)
        case ECONNREFUSED: .deserted(path)
        case EACCES, EPERM: .notPermitted(path)
        case EAGAIN: .late(patience)
        case EPIPE, ECONNRESET: .ended
        default: .system(path: path, call: call, code: code)
        }
    }
}
