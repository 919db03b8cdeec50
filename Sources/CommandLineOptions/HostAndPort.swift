/// An address to listen on or to connect to.
public struct HostAndPort: Hashable, Sendable, CustomStringConvertible {
    /// A name or a numeric address; IPv6 addresses without their brackets.
    public let host: String

    /// The TCP port; 0 lets the system choose when listening.
    public let port: UInt16

    /// Puts the two together, unchecked.
    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`; an IPv6 address stands in brackets, so that its colons are not taken for the port's.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let port = UInt16(digits) else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("[") && host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") || host.contains("[") || host.contains("]") {
            return nil
        }
        guard !host.isEmpty, !host.contains(where: \.isWhitespace), !host.utf8.contains(0) else { return nil }
        self.init(host: String(host), port: port)
    }

    /// As it is written on the command line.
    public var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

extension ValueFormat where Value == HostAndPort {
    /// An address and a port, such as `127.0.0.1:8080` or `[::1]:8080`.
    public static var hostAndPort: ValueFormat {
        ValueFormat(
            placeholder: "HOST:PORT", expectation: "a host and a port, such as 127.0.0.1:8080 or [::1]:8080"
        ) { HostAndPort($0) }
    }
}
