import Hashing
import TestSupport
import Testing

@Suite struct CRC32CTests {
    /// RFC 3720, appendix B.4, and the check value that all name.
    @Test(
        arguments: [
            ("31 32 33 34 35 36 37 38 39", 0xe306_9283), (String(repeating: "00", count: 32), 0x8a91_36aa),
            (String(repeating: "ff", count: 32), 0x62a8_ab43), ("", 0),
        ] as [(String, UInt32)])
    func `The checksum is that of the standard`(hex: String, expected: UInt32) {
        #expect(checksum([bytes(hex)]) == expected)
    }

    @Test func `How bytes are cut makes no difference`() {
        let all = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for cut in [0, 1, 7, 8, 63, 999, 1000] {
            #expect(checksum([Array(all[..<cut]), Array(all[cut...])]) == checksum([all]))
        }
        // Few bytes go another way than many.
        for size in [1, 5, 8, 13, 511, 512] {
            let parts = stride(from: 0, to: all.count, by: size).map { Array(all[$0..<min($0 + size, all.count)]) }
            #expect(checksum(parts) == checksum([all]), "pieces of \(size)")
        }
    }

    private func checksum(_ parts: [[UInt8]]) -> UInt32 {
        var checksum = CRC32C()
        for part in parts { part.withUnsafeBytes { checksum.update($0) } }
        return checksum.value
    }
}
