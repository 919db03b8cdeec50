internal import HTTPServer

/// The origins whose scripts may read answers: CORS, as the Fetch standard has it.
///
/// Keys travel in a header that scripts set, never in cookies. So credentials, in the standard's sense, are not allowed
/// to any origin, and `*` gives away nothing to a page whose reader has not given it a key.
public struct AllowedOrigins: Sendable, Equatable {
    /// The origins, as browsers write them; empty when all are allowed.
    let origins: [String]

    /// Whether every origin is allowed.
    var areAll: Bool { origins.isEmpty }

    /// Scripts of all origins.
    public static let all = AllowedOrigins(origins: [])

    private init(origins: [String]) { self.origins = origins }

    /// Reads `*`, or origins with commas between them: `https://birds.example,http://localhost:5173`.
    ///
    /// Capital letters are lowered and a port that is the scheme's own is left out, as browsers do.
    ///
    /// - Returns: `nil` when something there is no origin. `null` is none either: every sandboxed page has that one.
    public init?(_ text: String) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmed }
        if parts == ["*"] {
            self = .all
            return
        }
        var origins: [String] = []
        for part in parts {
            guard let origin = Self.origin(part) else { return nil }
            if !origins.contains(origin) { origins.append(origin) }
        }
        self.origins = origins
    }

    /// The origin in this list that a request came from; `nil` when there is none.
    func origin(of exchange: Exchange) -> String? {
        guard let sent = exchange.headerBytes("Origin") else { return nil }
        return origins.first { $0.utf8.elementsEqual(sent) }
    }

    /// `scheme://host` or `scheme://host:port`.
    private static func origin(_ text: Substring) -> String? {
        let text = text.lowercased()
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let (scheme, rest) = (text[..<colon], text[colon...])
        guard scheme.first?.isLetter == true, scheme.utf8.allSatisfy({ isWord($0) || $0 == UInt8(ascii: "+") }),
            rest.hasPrefix("://")
        else { return nil }
        var host = rest.dropFirst(3)
        if let mark = host.lastIndex(of: ":"), host.last != "]" {
            let port = host[host.index(after: mark)...]
            guard let number = UInt16(port), "\(number)" == port else { return nil }
            host = host[..<mark]
            let isUsual = scheme == "https" && number == 443 || scheme == "http" && number == 80
            return isHost(host) ? "\(scheme)://\(host)\(isUsual ? "" : ":\(number)")" : nil
        }
        return isHost(host) ? "\(scheme)://\(host)" : nil
    }

    private static func isHost(_ text: Substring) -> Bool {
        if text.first == "[" {
            guard text.last == "]", text.utf8.count > 2 else { return false }
            return text.dropFirst().dropLast().utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: ":") }
        }
        return !text.isEmpty && text.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        }
    }
}

extension AllowedOrigins {
    /// Adds to an answer, of any status, what lets a script of an allowed origin read it.
    func permit(_ response: inout Response, _ exchange: Exchange) {
        if areAll {
            response.add("Access-Control-Allow-Origin", "*")
        } else {
            // Also for origins that are not allowed: a cache must not give their answers to those that are.
            response.add("Vary", "Origin")
            guard let origin = origin(of: exchange) else { return }
            response.add("Access-Control-Allow-Origin", string: origin)
        }
        response.add(
            "Access-Control-Expose-Headers",
            "Link, Martlet-Position, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, ETag, Location"
        )
    }

    /// Adds to an answer to OPTIONS what a browser asks for before it sends a request of another origin.
    ///
    /// - Parameter allowed: the methods of the path.
    func permitPreflight(_ response: inout Response, _ exchange: Exchange, allowed: String) {
        guard exchange.headerBytes("Origin") != nil, exchange.headerBytes("Access-Control-Request-Method") != nil,
            areAll || origin(of: exchange) != nil
        else { return }
        response.add("Access-Control-Allow-Methods", string: allowed)
        response.add(
            "Access-Control-Allow-Headers",
            "Api-Key, Content-Type, Idempotency-Key, Martlet-Wait, If-Match, If-None-Match, If-Range, Range")
        // Two hours: no browser that is used much keeps it longer, and a change of the list shows within that time.
        response.add("Access-Control-Max-Age", "7200")
    }
}
