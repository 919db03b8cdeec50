import Files
import Glibc
import TestSupport
import Testing

@testable import Sealing

/// Keys in a file that a passphrase opens.
@Suite struct KeyBackupTests {
    private let directory = TemporaryDirectory()
    private var file: String { directory.path + "/backup" }

    private func passphrase(_ text: String = "correct horse\n") throws -> Passphrase {
        let path = directory.path + "/passphrase"
        unlink(path)
        let file = try SystemDisk(directory: directory.path).open("passphrase", .making)
        try Array(text.utf8).withUnsafeBytes { try file.writeAll($0, at: 0) }
        return try Passphrase(file: path)
    }

    private func write(_ keys: Keyring) throws -> Int {
        try KeyBackup.write(keys, to: file, passphrase: passphrase(), cost: .least)
    }

    private func error(_ body: () throws -> Void) -> String {
        do { try body() } catch { return "\(error)" }
        return "none"
    }

    private func change(_ body: (inout [UInt8]) -> Void) throws {
        let disk = SystemDisk(directory: directory.path)
        var bytes = try contents()
        body(&bytes)
        try disk.remove("backup")
        let file = try disk.open("backup", .making)
        try bytes.withUnsafeBytes { try file.writeAll($0, at: 0) }
    }

    private func contents() throws -> [UInt8] {
        let file = try SystemDisk(directory: directory.path).open("backup", .reading)
        var bytes = [UInt8](repeating: 0, count: try file.size())
        _ = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
        return bytes
    }

    @Test(arguments: [0, 1, 1024, 2500]) func `What was backed up is restored under another master key`(count: Int)
        throws
    {
        let disk = try SimulatedDisk.withKeys()
        let keys = try disk.openKeys()
        var made = try keys.makeKeys((0..<count).map { UInt64($0 * 2 + 10) })
        if count > 100 {
            try keys.destroyKey(of: 100)
            made[100] = nil
            // It comes late, so it stands behind newer ones.
            made.merge(try keys.makeKeys([5])) { $1 }
        }
        #expect(try write(keys) == made.count)
        var status = stat()
        #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o600)

        let backup = try KeyBackup(file, passphrase: passphrase())
        #expect(backup.log == identity)
        for account in made.keys { #expect(backup.knows(account)) }
        #expect(!backup.knows(11) && !backup.knows(7))
        let files = KeyFiles(directory: directory.path)
        try Keyring.restore(files, log: identity, from: backup, through: 1 << 40, lacksKeys: false)
        let restored = try Keyring.open(files, log: identity, isNew: false)
        #expect(restored.logKey == keys.logKey)
        #expect(restored.identity == identity)
        #expect(try restored.allKeys() == keys.allKeys())
        if count > 100 { #expect(throws: KeyError.self) { try restored.makeKey(of: 100) } }
        #expect(throws: KeyError.self) {
            try Keyring.open(on: SystemDisk(directory: files.directory), master, log: identity)
        }
    }

    @Test func `A log that was cut keeps what its bytes were sealed for, and no keys of what was cut off`() throws {
        let keys = try SimulatedDisk.withKeys().openKeys()
        let made = try keys.makeKeys([3, 8, 20])
        _ = try write(keys)
        let log = [UInt8](repeating: 9, count: 16)
        let files = KeyFiles(directory: directory.path)
        let backup = try KeyBackup(file, passphrase: passphrase())
        try Keyring.restore(files, log: log, from: backup, through: 10, lacksKeys: false)
        let restored = try Keyring.open(files, log: log, isNew: false)
        #expect(restored.identity == identity)
        #expect(restored.log == log)
        #expect(try restored.allKeys() == [3: made[3], 8: made[8]])
        #expect(restored.newestAccount == 8)
        unlink(file)
        _ = try write(restored)
        #expect(try KeyBackup(file, passphrase: passphrase()).log == log)
    }

    @Test func `Without a backup the log gets a new key, and it is known which accounts may lack one`() throws {
        let files = KeyFiles(directory: directory.path)
        try Keyring.restore(files, log: identity, from: nil, through: 70, lacksKeys: true)
        let keys = try Keyring.open(files, log: identity, isNew: false)
        #expect(try keys.count == 0)
        #expect(keys.lostThrough == 70)
        #expect(keys.newestAccount == 70)
        try keys.makeKeys([90])
        #expect(keys.newestAccount == 90)
        _ = try write(keys)
        #expect(try KeyBackup(file, passphrase: passphrase()).lostThrough == 70)
    }

    @Test func `A restore keeps a master key that is there`() throws {
        let files = KeyFiles(directory: directory.path)
        let master = try MasterKey.make(files.masterKey)
        try Keyring.restore(files, log: identity, from: nil, through: 0, lacksKeys: false)
        #expect(try MasterKey(files.masterKey).key == master.key)
        _ = try Keyring.open(files, log: identity, isNew: false)
    }

    @Test func `Whichever byte is changed, it is not taken`() throws {
        let keys = try SimulatedDisk.withKeys().openKeys()
        try keys.makeKeys(1...3)
        _ = try write(keys)
        let whole = try contents()
        for byte in whole.indices where !(32..<40 ~= byte) {
            try change {
                $0 = whole
                $0[byte] ^= 0x10
            }
            #expect(error { _ = try KeyBackup(file, passphrase: passphrase()) } != "none", "byte \(byte)")
        }
        for size in [0, 18, 19, 79, 80, 83, 100, whole.count - 30, whole.count - 1] {
            try change { $0 = Array(whole[..<size]) }
            let message = error { _ = try KeyBackup(file, passphrase: passphrase()) }
            #expect(
                message.hasPrefix(
                    size < 19 ? "\(file) is no backup of keys: " : "\(file) was cut off at byte \(size): "))
        }
        try change { $0 = whole + [0] }
        #expect(error { _ = try KeyBackup(file, passphrase: passphrase()) }.hasPrefix("\(file) is damaged at byte "))
        try change {
            $0 = whole
            $0[90] ^= 1
        }
        #expect(
            error { _ = try KeyBackup(file, passphrase: passphrase()) }.hasPrefix(
                "\(file) does not open with this passphrase: "))
        try change {
            $0 = whole
            $0[whole.count - 60] ^= 1
        }
        #expect(error { _ = try KeyBackup(file, passphrase: passphrase()) }.hasPrefix("\(file) is damaged at byte "))
        try change {
            $0 = whole
            $0[19] = UInt8(ascii: "2")
        }
        #expect(
            error { _ = try KeyBackup(file, passphrase: passphrase()) }.hasPrefix(
                "the format of \(file) is \"martlet-key-backup 2\", this martlet reads \"martlet-key-backup 1\": "))
        // It asks for all memory there is.
        try change {
            $0 = whole
            $0[32] = 0x7f
        }
        #expect(
            error { _ = try KeyBackup(file, passphrase: passphrase()) }
                == "\(file) is damaged at byte 24 or behind it: "
                + "take another copy, or make another backup of the keys")
    }

    @Test func `Another passphrase does not open it`() throws {
        _ = try write(SimulatedDisk.withKeys().openKeys())
        for text in ["correct hors", "correct horse ", " correct horse", "Correct horse"] {
            #expect(
                error { _ = try KeyBackup(file, passphrase: passphrase(text)) }.hasPrefix(
                    "\(file) does not open with this passphrase: take the one that it was made with"))
        }
        for text in ["correct horse", "correct horse\r\n", "correct horse\nand more\n"] {
            #expect(error { _ = try KeyBackup(file, passphrase: passphrase(text)) } == "none")
        }
    }

    @Test func `A passphrase that is empty, too long or missing is said`() throws {
        let path = directory.path + "/passphrase"
        for text in ["", "\n", "\r\n", "\nsecret\n"] {
            #expect(
                error { _ = try passphrase(text) } == "the first line of \(path) is empty: write the passphrase there")
        }
        #expect(error { _ = try passphrase(String(repeating: "x", count: 70_000)) }.hasSuffix("name another file"))
        unlink(path)
        #expect(error { _ = try Passphrase(file: path) } == "cannot open \(path): No such file or directory")
    }

    @Test func `A file that is there is left as it is, and what failed leaves nothing`() throws {
        let disk = try SimulatedDisk.withKeys()
        let keys = try disk.openKeys()
        try keys.makeKeys(1...3)
        try keys.makeKeys([4])
        _ = try write(keys)
        let whole = try contents()
        #expect(
            error { _ = try write(keys) }
                == "\(file) is there already and is left as it is; name another file, or remove "
                + "that one")
        #expect(try contents() == whole)
        unlink(file)
        disk.damageSlot(2)
        #expect(error { _ = try write(disk.openKeys()) }.hasPrefix("the keys keys are damaged in slot 2"))
        #expect(try Directory.names(in: directory.path) == ["passphrase"])
    }

    @Test func `The passphrase costs what it should`() throws {
        let cost = PassphraseCost.moderate
        #expect(cost.operations == 3 && cost.memory == 268_435_456 && cost.isBearable)
        #expect(!PassphraseCost(operations: 17, memory: 1 << 20).isBearable)
        #expect(!PassphraseCost(operations: 3, memory: 1 << 31).isBearable)
        let keys = try SimulatedDisk.withKeys().openKeys()
        try KeyBackup.write(keys, to: file, passphrase: passphrase())
        #expect(Array(try contents()[24..<40]) == [0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0x10, 0, 0, 0])
        #expect(try KeyBackup(file, passphrase: passphrase()).logKey == keys.logKey)
    }
}
