internal import CLinux
import Glibc

/// An address and port to listen on, such as `127.0.0.1:8080`, `[::1]:8080` or `:8080` (all addresses of this machine).
public struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    enum Host: Sendable, Equatable {
        case any
        case v4(String)
        case v6(String)
    }

    let host: Host

    /// The TCP port; 0 lets the system choose a free one.
    public let port: UInt16

    /// Reads an address as written on a command line.
    ///
    /// Only numeric addresses are accepted. A name may have several addresses, and would need a resolver before the
    /// first answer.
    ///
    /// - Throws: ``HTTPServerError/malformedAddress(_:)`` when there is no numeric host or no port.
    public init(_ text: String) throws(HTTPServerError) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
            let host = Self.host(text[..<colon])
        else { throw .malformedAddress(text) }
        self.host = host
        self.port = port
    }

    /// The same address with another port.
    public func with(port: UInt16) -> ListenAddress { ListenAddress(host: host, port: port) }

    init(host: Host, port: UInt16) {
        self.host = host
        self.port = port
    }

    public var description: String {
        switch host {
        case .any: ":\(port)"
        case .v4(let text): "\(text):\(port)"
        case .v6(let text): "[\(text)]:\(port)"
        }
    }

    private static func host(_ text: Substring) -> Host? {
        if text.isEmpty { return .any }
        var v4 = in_addr()
        if inet_pton(AF_INET, String(text), &v4) == 1 { return .v4(String(text)) }
        guard text.first == "[", text.last == "]" else { return nil }
        let inner = String(text.dropFirst().dropLast())
        var v6 = in6_addr()
        return inet_pton(AF_INET6, inner, &v6) == 1 ? .v6(inner) : nil
    }
}
