import Bytes
import TestSupport
import Testing

@testable import Sealing

@Suite struct SealTests {
    private static let identity = [UInt8](0xa0...0xaf)

    @Test(arguments: [0, 1, 15, 16, 63, 64, 65, 100, 4096]) func `What was sealed is opened`(size: Int) {
        let key = SealingKey.random()
        let plaintext = (0..<size).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let sealed = Self.seal(plaintext, key, [1, 2, 3])
        #expect(sealed.count == size + 40)
        #expect(Self.open(sealed, key, [1, 2, 3]) == plaintext)
    }

    @Test func `Whichever bit is changed, it is not opened`() {
        let key = SealingKey.random()
        let sealed = Self.seal(Array("Ada".utf8), key, [1])
        for bit in 0..<(8 * sealed.count) {
            var changed = sealed
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(Self.open(changed, key, [1]) == nil, "bit \(bit)")
        }
        #expect(Self.open(sealed, key, [2]) == nil)
        #expect(Self.open(sealed, key, []) == nil)
        #expect(Self.open(sealed, .random(), [1]) == nil)
        #expect(Self.open(Array(sealed.dropLast()), key, [1]) == nil)
        #expect(Self.open(Array(sealed.prefix(39)), key, [1]) == nil)
    }

    @Test func `The same bytes are sealed differently each time`() {
        let key = SealingKey.random()
        #expect(Self.seal([1], key, []) != Self.seal([1], key, []))
    }

    @Test func `A key is not printed`() {
        let key = SealingKey.random()
        var dumped = ""
        dump(key, to: &dumped)
        #expect("\(key) \(String(reflecting: key))" == "SealingKey(hidden) SealingKey(hidden)")
        #expect(dumped == "- SealingKey(hidden)\n")
    }

    static func seal(_ plaintext: [UInt8], _ key: SealingKey, _ additional: [UInt8]) -> [UInt8] {
        var sealed = [UInt8](repeating: 0, count: plaintext.count + Seal.overhead)
        sealed.withUnsafeMutableBytes { sealed in
            plaintext.withUnsafeBytes { plaintext in
                additional.withUnsafeBytes { Seal.seal(plaintext, with: key, additional: $0, into: sealed) }
            }
        }
        return sealed
    }

    static func open(_ sealed: [UInt8], _ key: SealingKey, _ additional: [UInt8]) -> [UInt8]? {
        var plaintext = [UInt8](repeating: 0, count: max(0, sealed.count - Seal.overhead))
        let isOpen = plaintext.withUnsafeMutableBytes { plaintext in
            sealed.withUnsafeBytes { sealed in
                additional.withUnsafeBytes { Seal.open(sealed, with: key, additional: $0, into: plaintext) }
            }
        }
        return isOpen ? plaintext : nil
    }
}
