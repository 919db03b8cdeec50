import EventLog
import FoundationEssentials
import Glibc
import Microblog
import Sealing
import TestSupport
import Testing

@testable import Application
@testable import Backup

/// A log that is restored with its keys, with some of them, or without.
@Suite(.serialized) struct RestoreKeysTests {
    @Test(arguments: [false, true]) func `Without keys all is there but names and texts`(withViews: Bool) async throws {
        let community = try await BackedUpCommunity.make()
        let written = try community.backUp { $0.withViews = withViews }
        var notes: [String] = []
        let report = try community.restore { restore in
            restore.keys = nil
            restore.note = { notes.append($0) }
        }
        #expect(report.accountsWithoutKey == 2)
        #expect(report.chain == written.chain)
        #expect(report.files == written.files)
        // Rows hold names in plain.
        #expect(report.views == nil && report.rows == 0)
        #expect(!community.isThere(community.restored + "/views"))
        #expect(notes.count == (withViews ? 1 : 0))
        let events = try community.restoredEvents()
        #expect(events.count == community.events.count)
        #expect(events[0].contains("erased-1") && events[1].contains("erased-2"))
        let check = try Verification(data: community.restored, memory: 1 << 20).checkLog(expectedChain: nil) { _ in }
        #expect(check.findings.isEmpty)
        try await community.openRestored { martlet in
            await #expect(throws: CommandFailure.self) { try await martlet.publish(by: AccountID(1)) }
            let cleo = try await martlet.register("cleo")
            _ = try await martlet.publish("a text", by: cleo)
        }
        #expect(try community.restoredEvents().last?.contains("a text") == true)
    }

    @Test func `Keys that are older than the newest account show all others`() async throws {
        let data = DataOfTest()
        var keys: KeyBackup?
        try await data.open { martlet in
            let ann = try await martlet.register("ann")
            _ = try await martlet.publish("of ann", by: ann)
            keys = try KeyBackup(of: #require(martlet.log).keys, path: "keys")
            let bob = try await martlet.register("bob")
            _ = try await martlet.publish("of bob", by: bob)
        }
        let file = data.path + "-backup"
        _ = try Backup().write(dataDirectory: data.path, to: file)
        var restore = Restore()
        restore.keys = keys
        #expect(try restore.run(file, into: data.path + "-restored").accountsWithoutKey == 1)
        var lines: [String] = []
        try EventReader(dataDirectory: data.path + "-restored").lines {
            lines.append(String(decoding: copy $0, as: UTF8.self))
        }
        #expect(lines[0].contains("\"handle\":\"ann\"") && lines[1].contains("of ann"))
        #expect(lines[2].contains("erased-3") && !lines[3].contains("of bob"))
    }

    @Test func `An erased account is not missing, and is not brought back by older data`() async throws {
        let data = DataOfTest()
        try await data.open { _ = try await $0.register("ann") }
        let file = data.path + "-backup"
        _ = try Backup().write(dataDirectory: data.path, to: file)
        var restore = Restore()
        try await data.open { martlet in
            let ring = try #require(martlet.log).keys
            try ring.destroyKey(of: 1)
            restore.keys = try KeyBackup(of: ring, path: "keys")
        }
        #expect(try restore.run(file, into: data.path + "-restored").accountsWithoutKey == 0)
        let martlet = try Martlet(DataDirectory(data.path + "-restored", create: false))
        await #expect(throws: CommandFailure.self) { try await martlet.publish(by: AccountID(1)) }
        try await martlet.close()
    }

    @Test func `The keys of another log are refused before anything is written`() async throws {
        let community = try await BackedUpCommunity.make()
        try community.backUp()
        let other = DataOfTest()
        var keys: KeyBackup?
        try await other.open { keys = try KeyBackup(of: #require($0.log).keys, path: "keys.bk") }
        let error = #expect(throws: KeyBackupError.self) { try community.restore { $0.keys = keys } }
        let own = try LogIdentity(community.data.path).identity()
        #expect(error?.description.hasPrefix("the keys in keys.bk belong to the log ") == true)
        #expect(error?.description.contains(hex(own)) == true)
        #expect(!community.isThere(community.restored))
    }

    @Test func `A master key elsewhere is made, or kept, and stays there when a restore fails`() async throws {
        struct Enough: Error {}
        let community = try await BackedUpCommunity.make()
        try community.backUp()
        let key = community.restored + ".key"
        defer { unlink(key) }
        #expect(throws: Enough.self) {
            try community.restore { restore in
                restore.masterKey = key
                restore.progress = { if $0.stage == .files { throw Enough() } }
            }
        }
        try community.restore { $0.masterKey = key }
        let made = try Data(contentsOf: URL(filePath: key))
        #expect(!community.isThere(community.restored + "/master.key"))
        let lines = try EventReader(dataDirectory: community.restored, masterKey: key).newest
        #expect(lines == UInt64(community.events.count))
        #expect(throws: KeyError.self) { try EventReader(dataDirectory: community.restored) }
        try FileManager.default.removeItem(atPath: community.restored)
        try community.restore { $0.masterKey = key }
        #expect(try Data(contentsOf: URL(filePath: key)) == made)
    }

    @Test func `Keys without a log are no place for a new log`() async throws {
        let data = DataOfTest()
        try await data.open { _ = try await $0.register("ann") }
        for part in ["log", "views", "media"] { try FileManager.default.removeItem(atPath: "\(data.path)/\(part)") }
        let error = #expect(throws: DataDirectoryError.self) { try DataDirectory(data.path, create: true) }
        #expect(error?.description.contains("the log is missing from \(data.path)/log") == true)
    }
}
