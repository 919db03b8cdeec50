import EventLog
import FoundationEssentials
import LMDB
import Microblog
import PlainMicroblog
import PlainViews
import TestSupport

@testable import Application
@testable import Projections

/// A data directory of one test, which can be opened again and again.
struct DataOfTest {
    private let directory = TemporaryDirectory()
    var path: String { directory.path + "/data" }

    /// Opens it, and closes it in order after `body`.
    func open<Result>(
        _ configuration: MartletConfiguration = .ofTest, _ body: (Martlet) async throws -> Result
    ) async throws -> Result {
        let martlet = try Martlet(DataDirectory(path, create: true), configuration)
        do {
            let result = try await body(martlet)
            try await martlet.close()
            return result
        } catch {
            try? await martlet.close()
            throw error
        }
    }

    /// Removes the read models, so that the next start builds them anew.
    func removeViews() throws { try FileManager.default.removeItem(atPath: path + "/views") }

    /// Every event as a line of JSON; only while it is not open.
    func export() throws -> [String] {
        var lines: [String] = []
        try EventReader(dataDirectory: path).lines { lines.append(String(decoding: $0, as: UTF8.self)) }
        return lines
    }
}

extension MartletConfiguration {
    /// The defaults, in little address space: under the thread sanitizer there is not enough for all that run at once.
    static var ofTest: MartletConfiguration {
        var configuration = MartletConfiguration()
        configuration.mapSize = 1 << 33
        return configuration
    }
}

extension Martlet {
    /// Registers an account with nothing special about it.
    func register(_ handle: String, name: String? = nil, key: String? = nil) async throws -> AccountID {
        let command = Command.registerAccount(
            RegisterAccount(
                handle: try Handle(handle), name: try DisplayName(name ?? handle), role: .member,
                key: key.flatMap { AccessKey($0)?.hash }))
        return AccountID(try await execute(command, by: .operator).position)
    }

    /// Publishes a post with nothing special about it.
    func publish(_ text: String = "hello", by account: AccountID) async throws -> PostID {
        let command = Command.publishPost(PublishPost(text: text, replyTo: nil, media: []))
        return PostID(try await execute(command, by: .account(account)).position)
    }

    /// All events so far.
    func events() throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        guard let log else { return events }
        _ = try log.read(after: 0, limit: .max) { events.append(try RecordedEvent($0, openedBy: log.keys)) }
        return events
    }

    /// What the read models must say.
    func plainViews() throws -> PlainMicroblog {
        var views = PlainMicroblog()
        for event in try events() { views.apply(event) }
        return views
    }

    /// Lets an event happen that no rule decided.
    func append(_ event: Event, at position: UInt64, by issuer: Issuer, time: Int64? = nil) async -> Outcome? {
        guard let log else { return nil }
        return await append(NewEvent(event, at: position, by: issuer, names: StreamNames(log.keys)), time: time)
    }

    /// Lets an event happen that no command leads to.
    func append(_ event: NewEvent, time: Int64? = nil) async -> Outcome? {
        await withCheckedContinuation { continuation in
            log?.submit(
                Proposal(time: time) { _ in
                    .append(event)
                } completion: { result in
                    continuation.resume(returning: try? result.get())
                })
        }
    }

    /// Takes up what room the views in use have, with rows of no read model; the next generation does not have them.
    func fillViews() throws {
        let environment = views.store.environment
        let filler = try environment.table("filler")
        let block = [UInt8](repeating: 0x78, count: 1_900)
        var number: UInt64 = 0
        do {
            while true {
                try environment.write { transaction in
                    for _ in 0..<8 {
                        number += 1
                        try withUnsafeBytes(of: number.bigEndian) { key in
                            try block.withUnsafeBytes { try transaction.put(filler, key, $0) }
                        }
                    }
                }
            }
        } catch let error as LMDBError where error.isOutOfSpace {}
    }

    func digests() throws -> [ReadModelDigest] { try views.store.digests().digests }
}

extension CommandOutcome {
    /// Where the event is; 0 if there is none.
    var position: UInt64 {
        if case .event(let position) = self { return position }
        return 0
    }
}

extension ViewStore {
    /// The ids of a page of a feed.
    func feed(of account: AccountID) throws -> [PostID] {
        try read { try PlainMicroblog.page($0, account, .newest, limit: 1_000).posts }
    }
}
