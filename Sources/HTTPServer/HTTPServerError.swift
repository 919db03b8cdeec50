import Glibc

/// Why the HTTP server cannot start.
public enum HTTPServerError: Error, Equatable, CustomStringConvertible {
    /// The text is not an `address:port`.
    case malformedAddress(String)
    /// Something listens there already. A second server would share the requests with it.
    case addressInUse(String)
    /// A socket call failed; `code` is its `errno`.
    case cannotListen(address: String, call: String, code: Int32)
    /// The limit on open files (`ulimit -n`) leaves no room for connections.
    case tooFewOpenFiles(limit: Int)
    /// `start()` was called on a server that runs or has run.
    case startedTwice

    public var description: String {
        switch self {
        case .malformedAddress(let text):
            "\"\(text)\" is no listen address; write it like 127.0.0.1:8080, [::1]:8080 or :8080"
        case .addressInUse(let address):
            "cannot listen on \(address): another process listens there; stop it or choose another port"
        case .cannotListen(let address, let call, let code):
            "cannot listen on \(address): \(call): \(String(cString: strerror(code))) (errno \(code))"
        case .tooFewOpenFiles(let limit):
            "the limit of \(limit) open files leaves no room for connections; raise it with ulimit -n"
        case .startedTwice:
            "an HTTP server can be started once only; make a new one"
        }
    }
}
