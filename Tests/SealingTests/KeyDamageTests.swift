import TestSupport
import Testing

@testable import Sealing

/// What is torn is passed over where nobody relied on it; what is damaged is said.
@Suite struct KeyDamageTests {
    @Test(arguments: [0, 9, 17, 28, 32, 40, 64, 80, 111]) func `A damaged slot is named, and the others can be read`(
        byte: Int
    ) throws {
        let disk = try SimulatedDisk.withKeys()
        let keys = try disk.openKeys()
        let made = try keys.makeKeys((1...100).map { $0 * 2 })
        try keys.makeKeys([300])
        disk.damageSlot(50, byte: byte)
        for isOwner in [true, false] {
            let keys = try disk.openKeys(isOwner: isOwner)
            #expect {
                try keys.key(of: 100)
            } throws: {
                "\($0)".hasPrefix("the keys keys are damaged in slot 50, ")
            }
            #expect(throws: KeyError.self) { try keys.eachAccount { _, _ in } }
            for account in made.keys where account != 100 { #expect(try keys.key(of: account) == made[account]) }
        }
    }

    @Test func `A damaged slot is named also when it came with the last sync`() throws {
        let disk = try SimulatedDisk.withKeys()
        let made = try disk.openKeys().makeKeys(1...5)
        disk.damageSlot(3, byte: 70)
        let before = disk.contents("keys")
        for isOwner in [false, true] {
            let keys = try disk.openKeys(isOwner: isOwner)
            #expect(throws: KeyError.self) { try keys.key(of: 3) }
            #expect(throws: KeyError.self) { try keys.eachAccount { _, _ in } }
            #expect(try keys.key(of: 4) == made[4])
        }
        #expect(disk.contents("keys") == before)
    }

    @Test func `Slots that were durable and are gone are missed`() throws {
        let disk = try SimulatedDisk.withKeys()
        try disk.openKeys().makeKeys(1...5)
        disk.damage("keys") { $0 = Array($0.prefix(4096 + 128 * 4)) }
        #expect {
            try disk.openKeys()
        } throws: {
            "\($0)".contains("damaged in slot 4, it was durable, and is not there any more")
        }
    }

    @Test func `Nobody passes for erased because the slots around are damaged`() throws {
        let disk = try SimulatedDisk.withKeys()
        try disk.openKeys().makeKeys(1...100)
        try disk.openKeys().makeKeys([101])
        // It begins a page.
        disk.damageSlot(64)
        let keys = try disk.openKeys()
        #expect(throws: KeyError.self) { try keys.key(of: 64) }
        #expect(try keys.key(of: 101) != nil)
    }

    @Test func `A damaged key of the log, or a wrong master key, is said`() throws {
        let disk = try SimulatedDisk.withKeys()
        try disk.openKeys().makeKeys([1])
        let other = MasterKey(key: .random(), path: "other.key")
        #expect {
            try Keyring.open(on: disk, other, log: identity)
        } throws: {
            "\($0)".hasPrefix("other.key is the wrong master key: the keys keys do not open with it; ")
        }
        disk.damageSlot(0, byte: 3)
        #expect {
            try disk.openKeys()
        } throws: {
            "\($0)".hasPrefix("the keys keys are damaged in slot 0, it is not what was written: restore a backup")
        }
    }

    @Test func `Keys of another log are refused, and both are named`() throws {
        let disk = try SimulatedDisk.withKeys()
        let log = [UInt8](repeating: 1, count: 16)
        #expect {
            try Keyring.open(on: disk, master, log: log)
        } throws: {
            "\($0)"
                == "the keys keys belong to the log a0a1a2a3a4a5a6a7a8a9aaabacadaeaf, not to this one, "
                + "01010101010101010101010101010101: put the keys of this log in their place"
        }
    }

    @Test func `A header that is damaged or of another format is said`() throws {
        let disk = try SimulatedDisk.withKeys()
        func error(_ change: (inout [UInt8]) -> Void) -> String {
            let before = disk.contents("keys")
            defer { disk.damage("keys") { $0 = before } }
            disk.damage("keys", change)
            do { _ = try disk.openKeys() } catch { return "\(error)" }
            return "none"
        }
        #expect(error { $0[20] ^= 1 }.hasPrefix("the keys keys are damaged, the checksum of its header is wrong: "))
        #expect(
            error { $0[0] ^= 1 }.hasPrefix("the keys keys are damaged, it does not begin with \"martlet-keys 1\": "))
        #expect(
            error { $0[13] = UInt8(ascii: "2") }.hasPrefix(
                "the format of keys is \"martlet-keys 2\", this martlet reads \"martlet-keys 1\": "))
        for size in [0, 1, 63, 64, 4096, 4100, 4223] {
            #expect(error { $0.removeLast($0.count - size) }.hasPrefix("the keys keys are damaged"), "\(size) bytes")
        }
        #expect(error { _ in } == "none")
    }

    /// Sectors reach the disk in any order, so a torn slot can stand before a whole one.
    @Test func `A torn slot that nobody relied on is passed over`() throws {
        let disk = try SimulatedDisk.withKeys()
        let made = try disk.openKeys().makeKeys([10, 20])
        let more = try disk.openKeys().makeKeys([30, 40, 50])
        for byte in [0, 32, 90] {
            for torn in [3, 4] {
                let before = disk.contents("keys")
                disk.dropNoteOfDurable()
                disk.damageSlot(torn, byte: byte)
                for isOwner in [false, true, false] {
                    let keys = try disk.openKeys(isOwner: isOwner)
                    #expect(try keys.key(of: UInt64(torn * 10)) == nil)
                    for account in [10, 20] as [UInt64] { #expect(try keys.key(of: account) == made[account]) }
                    for account in [30, 40, 50] as [UInt64] where account != torn * 10 {
                        #expect(try keys.key(of: account) == more[account])
                    }
                    #expect(try keys.count == 4)
                }
                // It was never there, so it is not erased.
                let keys = try disk.openKeys()
                let again = try keys.makeKeys([UInt64(torn * 10), 60])
                #expect(try disk.openKeys().key(of: UInt64(torn * 10)) == again[UInt64(torn * 10)])
                #expect(try disk.openKeys().count == 6)
                disk.damage("keys") { $0 = before }
            }
        }
    }

    @Test func `The torn last slot is written over`() throws {
        let disk = try SimulatedDisk.withKeys()
        try disk.openKeys().makeKeys([10, 20])
        disk.dropNoteOfDurable()
        disk.damageSlot(2)
        let keys = try disk.openKeys()
        #expect(keys.newestAccount == 10)
        try keys.makeKeys([20])
        #expect(disk.slot(2)[7] == 20)
    }

    /// The mark comes before the key, and is one byte.
    @Test(arguments: [33, 40, 50, 64, 80, 100, 112]) func `A key that was half erased does not come back`(end: Int)
        throws
    {
        let disk = try SimulatedDisk.withKeys()
        let keys = try disk.openKeys()
        try keys.makeKeys([10, 20])
        try keys.makeKeys([30])
        let whole = disk.contents("keys")
        for slot in [1, 3] {
            disk.damage("keys") { file in
                file = whole
                let start = 4096 + 128 * slot
                file[start + 32] = 0x5a
                for byte in 33..<end { file[start + byte] = 0 }
            }
            for isOwner in [false, true] {
                let keys = try disk.openKeys(isOwner: isOwner)
                #expect(try keys.key(of: UInt64(slot * 10)) == nil)
                #expect(try keys.key(of: 20) != nil)
                #expect(try keys.count == 2)
            }
            try disk.openKeys().destroyKey(of: UInt64(slot * 10))
            #expect(disk.slot(slot)[33...].allSatisfy { $0 == 0 })
        }
    }
}
