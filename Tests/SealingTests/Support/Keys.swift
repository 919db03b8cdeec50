import TestSupport

@testable import Sealing

/// The identity of the log in these tests.
let identity = [UInt8](0xa0...0xaf)

/// A key of 32 ascending bytes.
func ascendingKey(from first: UInt8) -> SealingKey {
    [UInt8](first..<(first + 32)).withUnsafeBytes { SealingKey($0) }
}

/// The master key of these tests.
let master = MasterKey(key: ascendingKey(from: 0), path: "master.key")

extension SimulatedDisk {
    /// A disk with keys of a new log.
    static func withKeys(seed: UInt64 = 1) throws -> SimulatedDisk {
        let disk = SimulatedDisk(seed: seed)
        try Keyring.make(on: disk, master, log: identity)
        return disk
    }

    /// Opens the keys that are on it.
    func openKeys(isOwner: Bool = true) throws(KeyError) -> Keyring {
        try Keyring.open(on: self, master, log: identity, isOwner: isOwner)
    }

    /// The bytes of a slot as they can be read.
    func slot(_ number: Int) -> [UInt8] { Array(contents("keys")[(4096 + 128 * number)..<(4096 + 128 * (number + 1))]) }

    /// As if the power had gone before the note of what is durable was on the disk.
    func dropNoteOfDurable() {
        damage("keys") { $0.replaceSubrange(2048..<2060, with: [UInt8](repeating: 0, count: 12)) }
    }

    /// Flips a bit of a slot.
    func damageSlot(_ number: Int, byte: Int = 0) { damage("keys") { $0[4096 + 128 * number + byte] ^= 1 } }
}

extension Keyring {
    /// Makes keys of accounts, durably.
    @discardableResult
    func makeKeys(_ accounts: some Sequence<UInt64>) throws -> [UInt64: SealingKey] {
        var keys: [UInt64: SealingKey] = [:]
        for account in accounts { keys[account] = try makeKey(of: account) }
        try sync()
        return keys
    }

    /// What all accounts have.
    func allKeys() throws -> [UInt64: SealingKey?] {
        var keys: [UInt64: SealingKey?] = [:]
        try eachAccount { account, key in
            guard keys.updateValue(key, forKey: account) == nil else { throw SecondSlot(account: account) }
        }
        return keys
    }
}

/// An account was shown twice.
struct SecondSlot: Error { let account: UInt64 }
