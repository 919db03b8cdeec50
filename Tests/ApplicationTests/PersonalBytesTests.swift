import EventLog
import Foundation
import Hashing
import Microblog
import PlainMicroblog
import PlainViews
import Sealing
import TestSupport
import Testing

@testable import Application

/// What people wrote is in the log only sealed, so that it can be forgotten.
@Suite struct PersonalBytesTests {
    private let data = DataOfTest()
    /// Stands in every text, name and handle of these tests.
    private static let mark = "qzx"

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `No personal byte is in the log, whatever was commanded`(seed: UInt64) async throws {
        var random = RandomCommands(seed: seed)
        let registration = Command.registerAccount(
            RegisterAccount(handle: try Handle("qzx.last"), name: try DisplayName("qzx"), role: .member, key: nil))
        try await data.open { martlet in
            var outcomes: [String: Int] = [:]
            for number in 0..<400 {
                let (issuer, command) = random.next(try martlet.plainViews())
                // Sent twice, so that answers of all kinds are kept under the key.
                for _ in 0..<2 {
                    let answer = await answer(martlet, Self.marked(command, number), by: issuer, key: "k\(number)")
                    outcomes[answer, default: 0] += 1
                }
            }
            _ = await answer(martlet, registration, by: .operator, key: "last")
            _ = await answer(martlet, registration, by: .operator, key: "last again")
            #expect(outcomes["event", default: 0] > 200)
            #expect(outcomes["handle_taken", default: 0] > 2)
            #expect(outcomes["text_blank", default: 0] == 0)
            try ImportFile(lines: [
                #"{"at":"2040-07-01T00:00:01Z","do":"register","user":"qzx-imported","name":"Qzx qzx"}"#,
                #"{"at":"2040-07-01T00:00:02Z","do":"post","user":"qzx-imported","post":"qzx","text":"a qzx"}"#,
            ]).run(martlet)
            await martlet.settle()
        }
        // The views and the exports have them.
        #expect(try data.export().count { $0.contains(Self.mark) } > 50)
        let files = try FileManager.default.subpathsOfDirectory(atPath: data.path + "/log")
        #expect(files.contains("data.mdb"))
        for file in files where file != "journal" {
            let bytes = try Data(contentsOf: URL(filePath: data.path + "/log/" + file))
            #expect(bytes.range(of: Data(Self.mark.utf8)) == nil, "\(file)")
        }
    }

    @Test func `A fingerprint is keyed, and made of the hash that an older log has`() async throws {
        try await data.open { martlet in
            let log = try #require(martlet.log)
            let command = Command.registerAccount(
                RegisterAccount(handle: try Handle("ada"), name: try DisplayName("Ada"), role: .member, key: nil))
            _ = try await martlet.execute(command, by: .operator, idempotencyKey: "one")
            var bytes: [UInt8] = []
            command.encode(into: &bytes)
            let plain = Blake2b.hash(bytes, size: 16)
            let stored = try log.withRecord(at: 1) { $0.idempotency?.fingerprint }
            #expect(stored == plain.withUnsafeBytes { log.keys.hash($0, purpose: .fingerprint) })
            #expect(stored != plain)
        }
    }

    @Test func `A handle that is taken is named in the first answer and in every repeat`() async throws {
        let command = Command.registerAccount(
            RegisterAccount(handle: try Handle("ada"), name: try DisplayName("Ada"), role: .member, key: nil))
        for round in 0..<2 {
            try await data.open { martlet in
                if round == 0 { _ = try await martlet.register("ada") }
                for _ in 0..<2 {
                    let error = await #expect(throws: CommandFailure.self) {
                        try await martlet.execute(command, by: .operator, idempotencyKey: "one")
                    }
                    #expect(error?.description == "the handle ada is taken")
                }
                #expect(martlet.newest.position == 1)
            }
        }
    }

    private func answer(_ martlet: Martlet, _ command: Command, by issuer: Issuer, key: String) async -> String {
        do throws(CommandFailure) {
            let outcome = try await martlet.execute(command, by: issuer, idempotencyKey: key)
            return outcome == .unchanged ? "unchanged" : "event"
        } catch {
            if case .rejected(let rejection) = error { return rejection.code }
            return "\(error)"
        }
    }

    /// The command with the mark in all that a person writes.
    private static func marked(_ command: Command, _ number: Int) -> Command {
        switch command {
        case .registerAccount(let body):
            .registerAccount(
                RegisterAccount(
                    handle: marked(body.handle), name: marked(body.name), role: body.role, key: body.key))
        case .changeAccount(let body):
            .changeAccount(
                ChangeAccount(
                    account: body.account, name: body.name.map { marked($0) }, handle: body.handle.map { marked($0) }))
        case .publishPost(let body):
            .publishPost(PublishPost(text: "\(mark) \(body.text)", replyTo: body.replyTo, media: body.media))
        default: command
        }
    }

    private static func marked(_ handle: Handle) -> Handle { try! Handle("\(mark)\(handle)") }
    private static func marked(_ name: DisplayName) -> DisplayName { try! DisplayName("\(mark) \(name)") }
}

/// The names of streams.
@Suite struct StreamNamesTests {
    private let keys = Keyring.inMemory(identity: [UInt8](repeating: 7, count: 16))

    @Test func `A stream is named as the domain names it, but for handles`() throws {
        let names = StreamNames(keys)
        let streams: [Microblog.Stream] = [
            .account(AccountID(17)), .name(AccountID(17)), .key(KeyHash(bytes: Array(0..<32))!), .post(PostID(812)),
            .like(PostID(812), by: AccountID(17)), .follow(AccountID(17), of: AccountID(20)), .media(MediaID(30)),
            .pins(AccountID(17)),
        ]
        for stream in streams { #expect("\(names.name(of: stream))" == "\(stream)") }
        let ada = "\(names.name(of: .handle(try Handle("ada"))))"
        let hash = Array("ada".utf8).withUnsafeBytes { keys.hash($0, purpose: .streamName) }
        #expect(ada == "handle/" + hex(hash))
        #expect(ada.utf8.count == 39)
        #expect("\(names.name(of: .handle(try Handle("Ada"))))" == ada)
        #expect("\(names.name(of: .handle(try Handle("adb"))))" != ada)
    }

    @Test func `Other keys give other names`() throws {
        let others = StreamNames(Keyring.inMemory(identity: keys.identity))
        let ada = Stream.handle(try Handle("ada"))
        #expect(others.name(of: ada) != StreamNames(keys).name(of: ada))
    }

    @Test func `A log that keeps its plain names keeps those of handles`() throws {
        let names = StreamNames(keys, beganPlain: true)
        #expect("\(names.name(of: .handle(try Handle("ada"))))" == "handle/ada")
        #expect("\(names.name(of: .post(PostID(8))))" == "post/8")
    }
}
