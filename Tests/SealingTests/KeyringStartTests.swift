import Files
import Glibc
import TestSupport
import Testing

@testable import Sealing

/// The two files at a start, in a directory of the system.
@Suite struct KeyringStartTests {
    private let directory = TemporaryDirectory()
    private var files: KeyFiles { KeyFiles(directory: directory.path) }

    private func start(isNew: Bool = false) throws(KeyError) -> Keyring {
        try Keyring.open(files, log: identity, isNew: isNew)
    }

    private func error(isNew: Bool = false) -> String {
        do throws(KeyError) { _ = try start(isNew: isNew) } catch { return "\(error)" }
        return "none"
    }

    @Test func `The first start makes both files, and the next ones find them`() throws {
        let made = try start(isNew: true).makeKeys([3, 8])
        #expect(try Directory.names(in: directory.path).sorted() == ["keys", "master.key"])
        var status = stat()
        #expect(stat(files.masterKey, &status) == 0 && status.st_mode & 0o777 == 0o600 && status.st_size == 32)
        #expect(try start().key(of: 8) == made[8])
        #expect(try start(isNew: true).key(of: 8) == made[8])
        #expect(try Keyring.read(files, log: identity).key(of: 3) == made[3])
    }

    @Test func `A start that was interrupted is done again`() throws {
        _ = try MasterKey.make(files.masterKey)
        let disk = SystemDisk(directory: directory.path)
        for name in ["keys.new", "master.key.new"] { _ = try disk.open(name, .making) }
        #expect(error(isNew: true) == "none")
        #expect(error() == "none")
        #expect(!(try Directory.names(in: directory.path)).contains("keys.new"))
    }

    @Test func `The master key can lie elsewhere, and serve two logs`() throws {
        let elsewhere = TemporaryDirectory()
        let key = elsewhere.path + "/key"
        for log in [identity, [UInt8](repeating: 2, count: 16)] {
            let data = TemporaryDirectory()
            let files = KeyFiles(directory: data.path, masterKey: key)
            let made = try Keyring.open(files, log: log, isNew: true).makeKeys([1])
            #expect(try Keyring.open(files, log: log, isNew: false).key(of: 1) == made[1])
            #expect(try Directory.names(in: data.path) == ["keys"])
        }
    }

    @Test func `Lost keys are not made again for a log that holds events`() throws {
        _ = try start(isNew: true)
        #expect(rename(files.keys, files.keys + ".away") == 0)
        #expect(
            error().hasPrefix("the keys \(files.keys) are missing, without them names and texts cannot be read: put"))
        #expect(throws: KeyError.self) { try Keyring.read(files, log: identity) }
        #expect(rename(files.keys + ".away", files.keys) == 0)
        #expect(unlink(files.masterKey) == 0)
        #expect(
            error(isNew: true).hasPrefix("the master key \(files.masterKey) is missing, without it no key can be read"))
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o660, 0o644, 0o601] as [mode_t])
    func `A master key that others can use is refused`(mode: mode_t) throws {
        _ = try start(isNew: true)
        #expect(chmod(files.masterKey, mode) == 0)
        #expect(
            error().hasPrefix(
                "others can use the master key \(files.masterKey) (its mode is \(String(mode, radix: 8))): run `chmod 600 "
            ))
        #expect(throws: KeyError.self) { try Keyring.read(files, log: identity) }
        #expect(chmod(files.masterKey, 0o400) == 0)
        #expect(error() == "none")
    }

    @Test(arguments: [0, 31, 33, 64]) func `A master key of another size is refused`(size: Int) throws {
        _ = try start(isNew: true)
        let file = try SystemDisk(directory: directory.path).open("master.key", .writing)
        #expect(truncate(files.masterKey, 0) == 0)
        try [UInt8](repeating: 7, count: size).withUnsafeBytes { try file.writeAll($0, at: 0) }
        #expect(error().hasPrefix("the master key \(files.masterKey) has \(size) bytes, not 32: "))
    }

    @Test func `The master key of another log is refused`() throws {
        _ = try start(isNew: true)
        #expect(unlink(files.masterKey) == 0)
        _ = try MasterKey.make(files.masterKey)
        #expect(
            error().hasPrefix("\(files.masterKey) is the wrong master key: the keys \(files.keys) do not open with it"))
    }
}
