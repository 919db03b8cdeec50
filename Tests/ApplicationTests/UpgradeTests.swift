import EventLog
import Foundation
import Journal
import Microblog
import Projections
import TestSupport
import Testing
import Threads

@testable import Application
@testable import Backup

/// A log of the format before, as the program of that time wrote it (`Tests/Logs/format2`).
@Suite struct UpgradeTests {
    private let data = DataOfTest()
    private static let former = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Logs/format2")
    private static let chainBefore = "816c16caab5ee16b0039eab4e428d7feace9edf87b739a6aac418bd104ea2505"
    /// What people wrote, and nobody else.
    private static let marks = [
        "plum tart", "with a picture", "to be deleted", "Ann", "robert", "Robert", "Cid", "cid",
    ]
    private var log: String { data.path + "/log" }

    private func makeFormer() throws {
        try FileManager.default.createDirectory(atPath: log, withIntermediateDirectories: true)
        for name in ["data.mdb", "head"] {
            try FileManager.default.copyItem(
                atPath: Self.former.appending(path: name).path(), toPath: log + "/" + name)
        }
    }

    private func upgrade(keepPlain: Bool = false) throws -> DirectoryUpgrade? {
        try DirectoryUpgrade.run(DataDirectory(data.path, create: false), keepPlain: keepPlain)
    }

    /// The marks that some file of the log holds.
    private func marksInPlain() throws -> [String] {
        let files = try FileManager.default.subpathsOfDirectory(atPath: log).filter { $0 != "journal" }
        let bytes = try files.map { try Data(contentsOf: URL(filePath: log + "/" + $0)) }
        return Self.marks.filter { mark in bytes.contains { $0.range(of: Data(mark.utf8)) != nil } }
    }

    private func digests(_ martlet: Martlet) throws -> [String: String] {
        Dictionary(uniqueKeysWithValues: try martlet.digests().map { ($0.model.name, $0.hex) })
    }

    /// What the program of that time said.
    private func expectedDigests() throws -> [String: String] {
        struct Report: Decodable {
            struct Model: Decodable { let digest: String }
            enum CodingKeys: String, CodingKey { case models = "read_models" }
            let models: [String: Model]
        }
        let file = try Data(contentsOf: Self.former.appending(path: "digest.json"))
        return try JSONDecoder().decode(Report.self, from: file).models.mapValues { $0.digest }
    }

    @Test func `Nobody reads a log of the format before, and is told what to do`() throws {
        try makeFormer()
        for open in [{ _ = try EventReader(dataDirectory: data.path) }, { try tryToOpen() }] {
            let error = #expect(throws: LogOpeningError.self) { try open() }
            #expect(error == .formatBefore(directory: log))
            #expect(error?.description.contains("run `martlet upgrade`") == true)
        }
    }

    private func tryToOpen() throws { _ = try Martlet(DataDirectory(data.path, create: false)) }

    @Test(arguments: [false, true])
    func `Everything is as it was, and nothing personal is left in plain`(keepsPlain: Bool) async throws {
        try makeFormer()
        #expect(try marksInPlain() == Self.marks)
        let done = try #require(try upgrade(keepPlain: keepsPlain))
        #expect(done.position == 16)
        #expect(done.chainBefore == Self.chainBefore)
        #expect(try marksInPlain() == (keepsPlain ? Self.marks : []))
        #expect(try upgrade() == nil)
        let before = try String(contentsOf: Self.former.appending(path: "export.jsonl"), encoding: .utf8)
        let after = try data.export()
        #expect(after.map { $0.trimmingCharacters(in: .newlines) } == before.split(separator: "\n").map(String.init))
        try await data.open { martlet in
            await martlet.settle()
            let after = try digests(martlet)
            let before = try expectedDigests()
            #expect(after == before)
            #expect(martlet.log?.beganPlain == keepsPlain)
        }
        let scratch = data.path + "/scratch-of-test"
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        let report = try LogCheck.run(
            LogReader(directory: log), expectedChain: ChainHash(hex: Self.chainBefore), scratch: scratch)
        #expect(report.isSound, "\(report.findings)")
        #expect(report.events == 16)
        #expect(report.expectedChainPosition == 16)
        #expect(report.isExpectedChainFormer == !keepsPlain)
        #expect((report.chain?.description == Self.chainBefore) == keepsPlain)
    }

    @Test(arguments: [false, true])
    func `Requests that are sent again get their first answers`(keepsPlain: Bool) async throws {
        try makeFormer()
        _ = try upgrade(keepPlain: keepsPlain)
        try await data.open { martlet in
            let (ann, bob, cid) = (AccountID(1), AccountID(2), AccountID(3))
            func again(_ command: Command, by account: AccountID, _ key: String) async -> String {
                do throws(CommandFailure) {
                    return "\(try await martlet.execute(command, by: .account(account), idempotencyKey: key))"
                } catch {
                    return "\(error)"
                }
            }
            func rename(_ account: AccountID, name: String? = nil, to handle: String) throws -> Command {
                .changeAccount(
                    ChangeAccount(
                        account: account, name: try name.map { try DisplayName($0) }, handle: try Handle(handle)))
            }
            let post = Command.publishPost(PublishPost(text: "A secret plum tart", replyTo: nil, media: []))
            #expect(await again(post, by: ann, "p1") == "event(4)")
            let other = Command.publishPost(PublishPost(text: "Another", replyTo: nil, media: []))
            #expect(await again(other, by: ann, "p1").contains("was used before for another request"))
            #expect(await again(try rename(bob, to: "ann"), by: bob, "h1") == "the handle ann is taken")
            #expect(await again(try rename(bob, name: "Robert", to: "robert"), by: bob, "h2") == "event(13)")
            let held = await again(try rename(cid, to: "bob"), by: cid, "h3")
            #expect(held.hasPrefix("the handle bob was given up not long ago; it is free for others from 2026-12-27T"))
            #expect(await again(try rename(cid, to: "robert"), by: cid, "new") == "the handle robert is taken")
            #expect(try martlet.events().count == 16)
            // New texts are sealed either way.
            let new = try await martlet.publish("sealed from now on", by: ann)
            #expect(new.rawValue == 17)
        }
        #expect(try data.export().last?.contains("sealed from now on") == true)
        for file in try FileManager.default.subpathsOfDirectory(atPath: log) where file != "journal" {
            let bytes = try Data(contentsOf: URL(filePath: log + "/" + file))
            #expect(bytes.range(of: Data("sealed from now on".utf8)) == nil, "\(file)")
        }
    }

    @Test func `An upgrade that was cut off is begun again`() throws {
        try makeFormer()
        let half = log + "/upgrade"
        try FileManager.default.createDirectory(atPath: half, withIntermediateDirectories: true)
        try Data("half".utf8).write(to: URL(filePath: half + "/data.mdb"))
        #expect(try upgrade()?.position == 16)
        #expect(!FileManager.default.fileExists(atPath: half))
        // Cut off between the exchange and its end.
        try FileManager.default.createDirectory(atPath: half, withIntermediateDirectories: true)
        #expect(try upgrade() == nil)
        #expect(!FileManager.default.fileExists(atPath: half))
    }

    @Test func `A log that lost events is not upgraded`() throws {
        try makeFormer()
        try Data("00000000000000000017\n".utf8).write(to: URL(filePath: log + "/head"))
        #expect(throws: LogCorruption.self) { try upgrade() }
        #expect(try marksInPlain() == Self.marks)
    }

    @Test func `A backup of the program before is restored, upgraded, and used`() async throws {
        let collected = Guarded<[String]>([])
        var restore = Restore()
        restore.note = { note in collected.withLock { $0.append(note) } }
        let report = try restore.run(Self.former.appending(path: "backup").path(), into: data.path)
        let notes = collected.withLock { $0 }
        #expect(report.position == 16)
        #expect(report.chain == Self.chainBefore)
        #expect(report.accountsWithoutKey == 0)
        #expect(notes.contains { $0.contains("holds texts and names in plain") }, "\(notes)")
        #expect(throws: LogOpeningError.formatBefore(directory: log)) { try tryToOpen() }
        #expect(try upgrade()?.chainBefore == Self.chainBefore)
        #expect(try marksInPlain() == [])
        try await data.open { martlet in
            await martlet.settle()
            let after = try digests(martlet)
            let before = try expectedDigests()
            #expect(after == before)
            // The accounts have keys for what comes.
            let post = try await martlet.publish("hello", by: AccountID(1))
            #expect(post.rawValue == 17)
        }
    }
}
