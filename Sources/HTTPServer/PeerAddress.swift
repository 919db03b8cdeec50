internal import CLinux
import Glibc

/// Where a connection comes from: an IPv6 address, an IPv4 address in its mapped form (`::ffff:192.0.2.1`), or a Unix
/// socket of this machine. 16 bytes, so that it can be a key.
public struct PeerAddress: Hashable, Sendable {
    /// The first eight bytes, most significant first.
    let high: UInt64
    /// The last eight bytes.
    let low: UInt64

    /// IPv4's 127.0.0.1. It stands for a request that came without a socket.
    public static let loopback = PeerAddress(v4: 0x7F00_0001)

    /// The other end of a Unix socket. `::` stands for it, because no packet has that address as its source.
    public static let local = PeerAddress(high: 0, low: 0)

    /// The mark of an IPv4 address in the mapped form, in the lower half.
    private static let mapped: UInt64 = 0x0000_FFFF_0000_0000

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    init(v4 number: UInt32) {
        high = 0
        low = Self.mapped | UInt64(number)
    }

    /// Reads a numeric address: `192.0.2.1`, `2001:db8::1` or `::ffff:192.0.2.1`; `nil` for anything else, for an
    /// address with a zone, and for `::`, which is nobody's.
    public init?(_ text: some StringProtocol) {
        self.init(numeric: String(text))
        if isLocal { return nil }
    }

    /// Reads a numeric address; `::` too.
    init?(numeric text: String) {
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            self.init(v4: UInt32(bigEndian: v4.s_addr))
            return
        }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
        self.init(v6)
    }

    /// Takes the address of a socket's other end, as `accept` and `getpeername` give it. What is neither IPv4 nor IPv6
    /// is a Unix socket.
    ///
    /// - Parameter address: as large as its family says.
    init(_ address: UnsafePointer<sockaddr>) {
        let bytes = UnsafeRawPointer(address)
        // On Linux the family comes first in every kind of address.
        switch Int32(bytes.load(as: sa_family_t.self)) {
        case AF_INET: self.init(v4: UInt32(bigEndian: bytes.load(as: sockaddr_in.self).sin_addr.s_addr))
        case AF_INET6: self.init(bytes.load(as: sockaddr_in6.self).sin6_addr)
        default: self = .local
        }
    }

    private init(_ v6: in6_addr) {
        let halves = withUnsafeBytes(of: v6) { bytes in
            (bytes.load(as: UInt64.self), bytes.load(fromByteOffset: 8, as: UInt64.self))
        }
        self.init(high: UInt64(bigEndian: halves.0), low: UInt64(bigEndian: halves.1))
    }

    /// Whether this is an IPv4 address.
    public var isV4: Bool { high == 0 && low >> 32 == Self.mapped >> 32 }

    /// Whether the other end is on this machine: 127.0.0.0/8 or `::1`.
    public var isLoopback: Bool { isV4 ? low >> 24 & 0xFF == 127 : high == 0 && low == 1 }

    /// Whether the other end came over a Unix socket.
    public var isLocal: Bool { self == .local }

    /// What limits count by: an IPv4 address as a whole, and of an IPv6 address the first 64 bits, because a customer
    /// gets at least so many addresses and can use each of them.
    ///
    /// The two kinds do not meet: nothing in `0:ffff::/32` is in use.
    public var limitKey: UInt64 { isV4 ? low : high }
}

extension PeerAddress: CustomStringConvertible {
    /// As people write it; `local` for a Unix socket.
    public var description: String {
        if isLocal { return "local" }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        if isV4 {
            var address = in_addr(s_addr: UInt32(truncatingIfNeeded: low).bigEndian)
            inet_ntop(AF_INET, &address, &text, socklen_t(text.count))
        } else {
            var halves = (high.bigEndian, low.bigEndian)
            inet_ntop(AF_INET6, &halves, &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
