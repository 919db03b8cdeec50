import TestSupport
import Testing

@testable import HTTPServer

@Suite struct PeerAddressTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("192.0.2.255", "192.0.2.255"), ("::1", "::1"), ("2001:DB8:0:0::1", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"),
    ]) func `A numeric address is read, and written as people write it`(text: String, written: String) {
        #expect(PeerAddress(text)?.description == written)
    }

    @Test(arguments: [
        "", "localhost", "1.2.3", "1.2.3.4.5", "256.0.0.1", "1.2.3.4:80", "[::1]", "fe80::1%eth0", " 1.2.3.4", "::",
        "unknown",
        "01.2.3.4", "1.2.3.4/8",
    ]) func `Anything else is no address`(text: String) {
        #expect(PeerAddress(text) == nil)
    }

    @Test func `IPv4 and its mapped form are the same`() {
        #expect(PeerAddress("::ffff:10.1.2.3") == PeerAddress("10.1.2.3"))
        #expect(MemoryLayout<PeerAddress>.size == 16)
    }

    @Test func `Loopback is 127.0.0.0/8 and ::1, and a Unix socket is neither`() throws {
        for text in ["127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"] {
            #expect(try #require(PeerAddress(text)).isLoopback, "\(text)")
        }
        for text in ["126.0.0.1", "128.0.0.1", "::2", "7f00::1", "1::1"] {
            #expect(try !#require(PeerAddress(text)).isLoopback, "\(text)")
        }
        #expect(PeerAddress.loopback.isLoopback && !PeerAddress.loopback.isLocal)
        #expect(PeerAddress.local.isLocal && !PeerAddress.local.isLoopback)
        #expect(PeerAddress.local.description == "local")
    }

    @Test func `Limits count an IPv4 address by itself, and an IPv6 address with its 64 bits`() throws {
        func key(_ text: String) throws -> UInt64 { try #require(PeerAddress(text)).limitKey }
        #expect(try key("192.0.2.1") != key("192.0.2.2"))
        #expect(try key("2001:db8:1:2::1") == key("2001:db8:1:2:ffff::9"))
        #expect(try key("2001:db8:1:2::1") != key("2001:db8:1:3::1"))
    }

    @Test func `The address of a socket is taken over`() throws {
        for text in ["192.0.2.7", "2001:db8::7", "::1"] {
            let host = text.contains(":") ? "[\(text)]" : text
            let read = try ListenAddress("\(host):80").withSocketAddress { address, _ in PeerAddress(address) }
            #expect(read == PeerAddress(text))
        }
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.1.2", "11.0.0.1"), ("10.1.2.3/8", "10.0.0.0", "9.255.255.255"),
        ("192.0.2.1", "192.0.2.1", "192.0.2.2"), ("0.0.0.0/0", "1.2.3.4", "2001:db8::1"),
        ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"),
        ("2001:db8::/65", "2001:db8::7fff:0:0:1", "2001:db8::8000:0:0:1"),
        ("::1", "::1", "::2"), ("::1", "::1", "127.0.0.1"), ("::ffff:10.0.0.0/104", "10.9.9.9", "11.9.9.9"),
        ("fd00::/8", "fdff::1", "fe00::1"),
    ]) func `A network holds the addresses that begin as it does`(network: String, inside: String, outside: String)
        throws
    {
        let network = try #require(PeerNetwork(network))
        #expect(network.contains(try #require(PeerAddress(inside))))
        #expect(!network.contains(try #require(PeerAddress(outside))))
        #expect(!network.contains(.local))
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "::/129", "10.0.0.0/8/8", "10/8", "x",
    ])
    func `What is no network is refused`(text: String) {
        #expect(PeerNetwork(text) == nil)
    }

    @Test func `A network agrees with its addresses bit by bit`() throws {
        var random = SplitMix64(seed: 7)
        for _ in 0..<2000 {
            let address = PeerAddress(high: random.next() | 1, low: random.next())
            let length = Int.random(in: 0...128, using: &random)
            let network = try #require(PeerNetwork("\(address)/\(length)"))
            let flipped = Int.random(in: 0..<128, using: &random)
            let other = PeerAddress(
                high: flipped < 64 ? address.high ^ 1 << UInt64(63 - flipped) : address.high,
                low: flipped < 64 ? address.low : address.low ^ 1 << UInt64(127 - flipped))
            #expect(network.contains(address))
            #expect(network.contains(other) == (flipped >= length), "\(address)/\(length), bit \(flipped)")
        }
    }
}
