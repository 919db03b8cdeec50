internal import Bytes
internal import HTTPServer

/// Whom limits by address count: the other end of the connection, or the client behind a proxy that is trusted.
///
/// `X-Forwarded-For` is read from its end, because a proxy adds there whom it got the request from, and what stands
/// before that is whatever the client wrote. Addresses of trusted proxies are passed over. `Forwarded` (RFC 7239) is not
/// read: a proxy that writes one of the two passes on what a client wrote into the other.
struct TrustedProxies: Sendable {
    let networks: [PeerNetwork]

    init(_ networks: [PeerNetwork] = []) { self.networks = networks }

    /// Whom to count; `nil` for a client that no limit by address is for: one on this machine.
    func client(of exchange: Exchange) -> PeerAddress? {
        var client = exchange.peer
        if !networks.isEmpty, isTrusted(client) {
            let lines = exchange.headerLines("X-Forwarded-For")
            client = origin(behind: client, lines)
            // It forwards for somebody whom it does not name in a way that can be read: then it is counted itself.
            if client == exchange.peer, !lines.isEmpty { return client }
        }
        return client.isLoopback || client.isLocal ? nil : client
    }

    /// The nearest address that is not a trusted proxy's. If all are, it is the farthest; an entry that cannot be read
    /// ends the way.
    func origin(behind peer: PeerAddress, _ lines: [UnsafeBufferPointer<UInt8>]) -> PeerAddress {
        var nearest = peer
        for line in lines.reversed() {
            // One entry after the other: what a client wrote in front may be long.
            var rest = line[...]
            while true {
                let comma = rest.lastIndex(of: UInt8(ascii: ","))
                let entry = String(decoding: rest[(comma.map { $0 + 1 } ?? rest.startIndex)...], as: UTF8.self)
                guard let address = Self.address(entry.trimmed) else { return nearest }
                nearest = address
                if !isTrusted(address) { return address }
                guard let comma else { break }
                rest = rest[..<comma]
            }
        }
        return nearest
    }

    private func isTrusted(_ address: PeerAddress) -> Bool { networks.contains { $0.contains(address) } }

    /// Reads an entry, which may have a port behind it, as some proxies write it: `192.0.2.1:4711`,
    /// `[2001:db8::1]:4711`.
    private static func address(_ entry: Substring) -> PeerAddress? {
        if entry.first == "[" { return PeerAddress(entry.dropFirst().prefix { $0 != "]" }) }
        return PeerAddress(entry.count { $0 == ":" } == 1 ? entry.prefix { $0 != ":" } : entry)
    }
}
