/// Addresses that begin alike, in CIDR notation (RFC 4632): `10.0.0.0/8`, `2001:db8::/32`, or one address.
public struct PeerNetwork: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64
    private let highMask: UInt64
    private let lowMask: UInt64

    /// Reads a network; `nil` if it is not one. Bits after the prefix do not matter. Without a prefix it is that one
    /// address.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = PeerAddress(numeric: String(parts[0])) else { return nil }
        // An IPv4 address stands behind 96 bits of its mapped form, unless it was written in that form.
        let offset = parts[0].contains(":") ? 0 : 96
        var length = 128
        if parts.count == 2 {
            guard 1...3 ~= parts[1].utf8.count, parts[1].utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
                let number = Int(parts[1]), number + offset <= 128
            else { return nil }
            length = number + offset
        }
        // Swift's shifts give 0 where they go beyond the width.
        highMask = ~(UInt64.max >> UInt64(length))
        lowMask = length <= 64 ? 0 : ~(UInt64.max >> UInt64(length - 64))
        high = address.high & highMask
        low = address.low & lowMask
    }

    /// Whether an address is one of them. A Unix socket is in no network.
    public func contains(_ address: PeerAddress) -> Bool {
        !address.isLocal && address.high & highMask == high && address.low & lowMask == low
    }
}
