import TestSupport
import Testing

@testable import Sealing

/// What a keys file does on a disk that works, and on one that fails now and then.
@Suite struct KeyFileTests {
    @Test(arguments: [1, 2, 31, 32, 33, 64, 1000]) func `Keys are found again`(count: Int) throws {
        let disk = try SimulatedDisk.withKeys()
        let accounts = (1...count).map { UInt64($0 * 3) }
        let made = try disk.openKeys().makeKeys(accounts)
        #expect(Set(made.values.map { $0.withBytes { Array($0) } }).count == count)
        for isOwner in [true, false] {
            let keys = try disk.openKeys(isOwner: isOwner)
            for account in 0...UInt64(count * 3 + 4) {
                #expect(try keys.key(of: account) == made[account], "account \(account)")
            }
            #expect(keys.newestAccount == UInt64(count * 3))
            #expect(try keys.count == count)
            #expect(try keys.allKeys() == made)
        }
    }

    @Test func `An account that has a key keeps it`() throws {
        let disk = try SimulatedDisk.withKeys()
        let keys = try disk.openKeys()
        let key = try keys.makeKey(of: 7)
        #expect(try keys.makeKey(of: 7) == key)
        try keys.sync()
        #expect(try keys.makeKey(of: 7) == key)
        #expect(try disk.openKeys().makeKey(of: 7) == key)
    }

    @Test func `The log keeps its key`() throws {
        let disk = try SimulatedDisk.withKeys()
        let key = try disk.openKeys().logKey
        #expect(try disk.openKeys(isOwner: false).logKey == key)
    }

    @Test func `Without new keys nothing is written`() throws {
        let disk = try SimulatedDisk.withKeys()
        let keys = try disk.openKeys()
        try keys.makeKeys([1])
        let calls = disk.count(.write) + disk.count(.sync)
        try keys.sync()
        #expect(disk.count(.write) + disk.count(.sync) == calls)
    }

    /// After a batch of the log that failed, its positions are given to others.
    @Test func `Accounts below the newest get keys, too, and nobody loses one`() throws {
        let disk = try SimulatedDisk.withKeys()
        var keys = try disk.openKeys()
        var made: [UInt64: SealingKey] = [:]
        var generator = SplitMix64(seed: 3)
        for round in 0..<12 {
            let accounts = Set((0..<40).map { _ in UInt64(1 + generator.below(400)) }).subtracting(made.keys).sorted()
            made.merge(try keys.makeKeys(accounts)) { _, _ in fatalError("it had no key") }
            if round % 3 == 2 { keys = try disk.openKeys() }
            for account in 1...UInt64(400) {
                #expect(try keys.key(of: account) == made[account], "\(round): \(account)")
            }
        }
        #expect(keys.newestAccount == made.keys.max())
        #expect(try keys.allKeys() == made)
    }

    @Test func `A reader sees what the owner adds`() throws {
        let disk = try SimulatedDisk.withKeys()
        let owner = try disk.openKeys()
        let reader = try disk.openKeys(isOwner: false)
        #expect(try reader.key(of: 5) == nil)
        let made = try owner.makeKeys([5, 6, 9])
        for account in made.keys { #expect(try reader.key(of: account) == made[account]) }
        let late = try owner.makeKeys((20..<100).map { $0 } + [7])
        for account in late.keys { #expect(try reader.key(of: account) == late[account]) }
        #expect(try reader.key(of: 8) == nil)
        #expect(try reader.count == 84)
        #expect(throws: KeyError.self) { try reader.makeKey(of: 200) }
        #expect(throws: KeyError.self) { try reader.destroyKey(of: 5) }
    }

    @Test func `An erased key is gone from memory and disk`() throws {
        let disk = try SimulatedDisk.withKeys()
        let keys = try disk.openKeys()
        let made = try keys.makeKeys(1...70)
        #expect(try keys.key(of: 40) == made[40])
        try keys.destroyKey(of: 40)
        #expect(disk.slot(40)[32] == 0x5a)
        #expect(disk.slot(40)[33...].allSatisfy { $0 == 0 })
        for keys in [keys, try disk.openKeys(), try disk.openKeys(isOwner: false)] {
            #expect(try keys.key(of: 40) == nil)
            #expect(try keys.key(of: 40) == nil)
            #expect(try keys.key(of: 41) == made[41])
            #expect(try keys.count == 69)
            #expect(try keys.allKeys()[40] == .some(nil))
        }
        #expect {
            try keys.makeKey(of: 40)
        } throws: {
            "\($0)" == "account 40 was erased and gets no key again; nothing can be written about it any more"
        }
        try keys.destroyKey(of: 40)
        try keys.destroyKey(of: 1000)
    }

    /// The slots around a key that was looked up are kept for a while.
    @Test func `A key is gone although its slot was read for a neighbour`() throws {
        let disk = try SimulatedDisk.withKeys()
        try disk.openKeys().makeKeys(1...40)
        let keys = try disk.openKeys()
        #expect(try keys.key(of: 1) != nil)
        try keys.destroyKey(of: 2)
        #expect(try keys.key(of: 2) == nil)
        #expect(try keys.key(of: 3) != nil)
    }

    @Test func `Neighbours are looked up with one read`() throws {
        let disk = try SimulatedDisk.withKeys()
        try disk.openKeys().makeKeys(1...31)
        let keys = try disk.openKeys(isOwner: false)
        #expect(try keys.key(of: 1) != nil)
        for slot in 2...31 { disk.damageSlot(slot) }
        for account in 2...UInt64(31) { #expect(try keys.key(of: account) != nil) }
    }

    /// It was read before the erasure, and comes to be kept afterwards.
    @Test func `Slots that were written over meanwhile are not kept`() {
        let page = SlotBytes([UInt8](repeating: 0, count: 4 * KeySlot.size), first: 32)
        var recent = RecentSlots()
        recent.keep(page, recent.erasures)
        #expect(recent[32..<36] != nil)
        #expect(recent[32..<35] == nil)
        let before = recent.erasures
        recent.forget()
        #expect(recent[32..<36] == nil)
        recent.keep(page, before)
        #expect(recent[32..<36] == nil)
    }

    @Test func `A key that was never durable is erased, too`() throws {
        let disk = try SimulatedDisk.withKeys()
        let keys = try disk.openKeys()
        _ = try keys.makeKey(of: 3)
        try keys.destroyKey(of: 3)
        #expect(try keys.key(of: 3) == nil)
        #expect(try disk.openKeys().key(of: 3) == nil)
    }

    @Test func `A key whose erasure failed is not handed out, and can be erased again`() throws {
        let disk = try SimulatedDisk.withKeys()
        let keys = try disk.openKeys()
        try keys.makeKeys([3])
        _ = try keys.key(of: 3)
        disk.failNext(.sync)
        #expect(throws: KeyError.self) { try keys.destroyKey(of: 3) }
        #expect(try keys.key(of: 3) == nil)
        let syncs = disk.count(.sync)
        try keys.destroyKey(of: 3)
        #expect(disk.count(.sync) == syncs + 1)
    }

    @Test(arguments: [SimulatedDisk.Call.write, .sync]) func `Keys whose sync failed are written again`(
        call: SimulatedDisk.Call
    ) throws {
        let disk = try SimulatedDisk.withKeys()
        let keys = try disk.openKeys()
        let first = try keys.makeKey(of: 1)
        // A write is tried again at once, without room.
        for _ in 0..<2 {
            disk.failOneIn(1)
            #expect(throws: KeyError.self) { try keys.sync() }
            disk.failOneIn(nil)
        }
        #expect(try keys.key(of: 1) == first)
        let second = try keys.makeKey(of: 2)
        try keys.sync()
        disk.restartAfterPowerCut()
        let again = try disk.openKeys()
        #expect(try again.key(of: 1) == first)
        #expect(try again.key(of: 2) == second)
    }

    @Test func `Where there is no room ahead, keys are written without it`() throws {
        let disk = try SimulatedDisk.withKeys()
        disk.setCapacity(8192)
        let keys = try disk.openKeys()
        let made = try keys.makeKeys([1, 2, 3])
        #expect(try disk.openKeys().key(of: 3) == made[3])
        #expect {
            try keys.makeKeys(4...100)
        } throws: {
            "\($0)" == "cannot write keys: No space left on device"
        }
        disk.setCapacity(1 << 20)
        try keys.sync()
        #expect(try disk.openKeys().count == 100)
    }
}
