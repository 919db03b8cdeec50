import TestSupport
import Testing

@testable import Sealing

/// The bytes that `docs/storage-format.md` spells out, made by a program of another language.
@Suite struct GoldenVectorTests {
    static let header = bytes(
        """
        6d 61 72 74 6c 65 74 2d 6b 65 79 73 20 31 00 00
        a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 aa ab ac ad ae af
        a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 aa ab ac ad ae af
        00 00 00 00 00 00 00 00
        00 00 00 00
        33 4e ac a2
        """)

    static let logSlot = bytes(
        """
        00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 fa 26 26 d2
        a5 00 00 00 00 00 00 00
        60 61 62 63 64 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70 71 72 73 74 75 76 77
        2e 76 c1 e4 59 e5 fb 88 b9 b9 9c c0 c0 35 21 36
        95 f8 93 05 72 2d 72 0f 0b 3e d7 04 2d 5d 2d 91 02 cf a9 1f 3a 64 c4 53 68 24 1c 4d a9 4c 5a de
        00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
        """)

    static let accountSlot = bytes(
        """
        00 00 00 00 00 00 00 02 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 01 00 00 00 00 1f 2a 41 e4
        a5 00 00 00 00 00 00 00
        80 81 82 83 84 85 86 87 88 89 8a 8b 8c 8d 8e 8f 90 91 92 93 94 95 96 97
        98 e0 52 05 1c 00 ce 70 4f 49 34 af 44 81 24 32
        02 af 1b 1a a3 d1 05 2d 54 51 69 b0 03 f0 56 9e 29 c0 0e 82 d7 ae ec ae b8 33 30 81 eb 8f 42 2e
        00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
        """)

    private static let cipher = SlotCipher(identity: identity, master: ascendingKey(from: 0))

    @Test func `A header has the documented bytes`() throws {
        let header = KeyFileHeader(log: identity, sealing: identity)
        #expect(hex(Array(header.bytes[..<64])) == hex(Self.header))
        #expect(header.bytes.count == 4096)
        #expect(header.bytes[64...].allSatisfy { $0 == 0 })
        #expect(try Self.header.withUnsafeBytes { try KeyFileHeader($0, path: "keys") } == header)
    }

    @Test func `Slots have the documented bytes`() {
        let log = Self.slot { slot in
            Self.cipher.write(
                ascendingKey(from: 0x20), SlotHead(account: 0, run: 0, durable: 0), number: 0, to: slot,
                nonce: Array(0x60..<0x78))
        }
        #expect(hex(log) == hex(Self.logSlot))
        let head = SlotHead(account: 2, run: 1, durable: 1)
        let account = Self.slot { slot in
            Self.cipher.write(ascendingKey(from: 0x40), head, number: 1, to: slot, nonce: Array(0x80..<0x98))
        }
        #expect(hex(account) == hex(Self.accountSlot))
        let erased = Self.slot { KeySlot.writeEmpty(head, number: 1, to: $0) }
        #expect(hex(erased) == hex(Array(Self.accountSlot[..<32]) + [0x5a] + [UInt8](repeating: 0, count: 95)))
    }

    @Test func `A file of the documented bytes is opened`() throws {
        let disk = try SimulatedDisk.withKeys()
        disk.damage("keys") { file in
            file = Self.header + [UInt8](repeating: 0, count: 4032) + Self.logSlot + Self.accountSlot
        }
        let keys = try disk.openKeys()
        #expect(keys.logKey == ascendingKey(from: 0x20))
        #expect(try keys.key(of: 2) == ascendingKey(from: 0x40))
        #expect(keys.newestAccount == 2)
    }

    @Test func `Hashes have the documented bytes`() throws {
        let disk = try SimulatedDisk.withKeys()
        disk.damage("keys") { $0.replaceSubrange(4096..<4224, with: Self.logSlot) }
        let keys = try disk.openKeys()
        let name = Array("handle/ada".utf8)
        #expect(
            hex(name.withUnsafeBytes { keys.hash($0, purpose: .streamName) }) == "fcbdc1b674b4bbc8540542f8e763c265")
        #expect(
            hex(name.withUnsafeBytes { keys.hash($0, purpose: .fingerprint) }) == "79d1c29807de91f419b0b49e54ae7ace")
    }

    @Test func `Whichever bit of a slot's used bytes is flipped, it does not pass`() {
        for bit in 0..<(8 * 112) where !(33..<40 ~= bit / 8) {
            var slot = Self.accountSlot
            slot[bit / 8] ^= 1 << (bit % 8)
            let passes = slot.withUnsafeBytes { slot in
                SlotHead(slot, number: 1) != nil
                    && Self.cipher.contents(slot, number: 1) == .key(ascendingKey(from: 0x40))
            }
            #expect(!passes, "bit \(bit)")
        }
        Self.accountSlot.withUnsafeBytes { slot in
            #expect(SlotHead(slot, number: 2) == nil)
            guard case .damaged = Self.cipher.contents(slot, number: 2) else {
                Issue.record("the key of slot 1 opens in slot 2")
                return
            }
        }
    }

    private static func slot(_ write: (UnsafeMutableRawBufferPointer) -> Void) -> [UInt8] {
        var slot = [UInt8](repeating: 0xee, count: 128)
        slot.withUnsafeMutableBytes { write($0) }
        return slot
    }
}
