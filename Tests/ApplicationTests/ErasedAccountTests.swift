import EventLog
import Microblog
import PlainViews
import Projections
import Sealing
import TestSupport
import Testing

@testable import Application

/// An account without a key: its events are those of a person who was erased, for everybody who reads the log.
@Suite struct ErasedAccountTests {
    private let data = DataOfTest()

    @Test(arguments: 70...73 as ClosedRange<UInt64>)
    func `Read models are equal whether they follow the log or are built at once`(seed: UInt64) async throws {
        var history = RandomHistory(seed: seed)
        history.grow(to: 400)
        var random = SplitMix64(seed: seed)
        try await data.open { martlet in
            for recorded in history.events {
                _ = await martlet.append(recorded.event, at: recorded.position, by: recorded.issuer)
            }
            await martlet.settle()
            let keys = try #require(martlet.log).keys
            let accounts = history.events.filter { $0.event.type == AccountRegistered.type }.map(\.position)
            for account in accounts where random.below(2) == 0 { try keys.destroyKey(of: account) }
            let left = try keys.count
            #expect(1..<accounts.count ~= left)
        }
        let target = TemporaryDirectory()
        let rebuild = try OfflineRebuild(data: data.path, memory: 0, mapSize: 1 << 28) { _ in }
        let whole = try await rebuild.build(into: target.path + "/whole", until: 400).store.digests().digests
        for _ in 0..<3 {
            let steps = TemporaryDirectory()
            var position = UInt64(random.below(40) + 1)
            let views = try await rebuild.build(below: steps.path, until: position)
            while position < 400 {
                position = min(400, position + UInt64(random.below(30) + 1))
                try await rebuild.follow(views.store, to: position)
            }
            #expect(try views.store.digests().digests == whole)
            try views.close()
        }
        // A server that catches up makes the same.
        try data.removeViews()
        try await data.open { martlet in
            await martlet.settle()
            #expect(martlet.isReady)
            let (digests, events) = (try martlet.digests(), try martlet.events())
            #expect(digests == whole)
            #expect(events.contains { "\($0.event)".contains("erased-") })
        }
    }

    @Test func `Nothing is written about it, others go on, and its handle stays taken`() async throws {
        try await data.open { martlet in
            let (ada, bob) = (try await martlet.register("ada"), try await martlet.register("bob"))
            let post = try await martlet.publish("hello", by: ada)
            try #require(martlet.log).keys.destroyKey(of: ada.rawValue)
            let failure = await #expect(throws: CommandFailure.self) { try await martlet.publish("again", by: ada) }
            #expect(failure?.description.contains("account 1 has no key any more") == true)
            await #expect(throws: CommandFailure.self) {
                try await martlet.execute(
                    .changeAccount(ChangeAccount(account: ada, name: nil, handle: try Handle("eve"))), by: .operator)
            }
            #expect(try await martlet.publish("hello", by: bob) == PostID(4))
            // What says nothing personal can still be done.
            #expect(try await martlet.execute(.likePost(LikePost(post)), by: .account(ada)) == .event(5))
            await expectTaken("ada", martlet)
            await expectTaken("erased-1", martlet)
        }
        let export = try data.export()
        #expect(export[0].contains(#""data":{"handle":"erased-1","name":"erased","role":"member","key_hash":null}"#))
        #expect(!export[0].contains("handle/ada") && export[0].contains(#""handle/"#))
        #expect(export[1].contains(#""handle":"bob""#))
        #expect(export[1].contains(#""handle/bob":1"#))
        #expect(export[2].contains(#""data":{"text":"","reply_to":null,"media":[]}"#))
        let reader = try EventReader(dataDirectory: data.path)
        #expect(throws: NoSuchEntity.self) { try reader.history(of: .handle(try Handle("ada"))) { _ in } }
        var count = 0
        try reader.history(of: .account(AccountID(1))) { _ in count += 1 }
        #expect(count == 3)
        // The log itself has lost nothing.
        let report = try Verification(data: data.path, memory: 1 << 20).checkLog(expectedChain: nil) { _ in }
        #expect(report.findings.isEmpty)
        #expect(report.events == 5)
    }

    private func expectTaken(_ handle: String, _ martlet: Martlet) async {
        let error = await #expect(throws: CommandFailure.self) { try await martlet.register(handle) }
        #expect(error?.description == "the handle \(handle) is taken")
    }
}
