import HTTPServer
import Testing

@testable import HTTPAdapter

@Suite struct TrustedProxiesTests {
    private let proxies = TrustedProxies([
        PeerNetwork("127.0.0.1")!, PeerNetwork("10.0.0.0/8")!, PeerNetwork("fd00::/8")!,
    ])

    /// Whom a request through a proxy counts for.
    private func origin(_ lines: String...) -> String {
        let blocks = lines.map { line in
            let block = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: line.utf8.count)
            _ = block.initialize(fromContentsOf: line.utf8)
            return block
        }
        defer { for block in blocks { block.deallocate() } }
        return "\(proxies.origin(behind: .loopback, blocks.map { UnsafeBufferPointer($0) }))"
    }

    @Test func `The right-most address that is not a proxy's counts`() {
        #expect(origin("192.0.2.1") == "192.0.2.1")
        #expect(origin("198.51.100.7, 192.0.2.1") == "192.0.2.1")
        #expect(origin("198.51.100.7,192.0.2.1 , 10.0.0.3,\t127.0.0.1") == "192.0.2.1")
        #expect(origin("2001:db8::1, fd00::5") == "2001:db8::1")
    }

    @Test func `Several lines are one list`() {
        #expect(origin("198.51.100.7", "192.0.2.1, 10.0.0.1") == "192.0.2.1")
        #expect(origin("198.51.100.7, 192.0.2.1", "10.0.0.1") == "192.0.2.1")
        #expect(origin("192.0.2.1", "10.0.0.1", "10.0.0.2") == "192.0.2.1")
    }

    @Test func `Where all are proxies the farthest counts, and without a list the peer`() {
        #expect(origin("10.0.0.1, 10.0.0.2") == "10.0.0.1")
        #expect(origin() == "127.0.0.1")
    }

    @Test func `What cannot be read ends the way`() {
        for entry in ["", "unknown", "_hidden", "1.2.3", "host.example", "::", "1.2.3.4:x:y"] {
            #expect(origin("192.0.2.1, \(entry)") == "127.0.0.1", "\(entry)")
            #expect(origin("192.0.2.1, \(entry), 10.0.0.2") == "10.0.0.2", "\(entry)")
        }
    }

    @Test func `A port behind an address does not matter`() {
        #expect(origin("192.0.2.1:4711") == "192.0.2.1")
        #expect(origin("[2001:db8::1]:4711, 10.0.0.1:80") == "2001:db8::1")
        #expect(origin("[2001:db8::1]") == "2001:db8::1")
    }
}
