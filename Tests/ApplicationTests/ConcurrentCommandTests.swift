import Microblog
import PlainMicroblog
import PlainViews
import Projections
import Testing
import Threads

@testable import Application

/// Many clients at once: what the rules promise holds, and whoever has an answer sees it.
@Suite struct ConcurrentCommandTests {
    private let data = DataOfTest()

    /// Lets clients execute at once; answers what each was told.
    private func all(
        _ count: Int, _ body: @escaping @Sendable (Int) async throws -> CommandOutcome
    ) async -> [Result<CommandOutcome, any Error>] {
        await withTaskGroup(of: Result<CommandOutcome, any Error>.self) { group in
            for client in 0..<count {
                group.addTask {
                    do { return .success(try await body(client)) } catch { return .failure(error) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func `Of sixty-four who register one handle one does`() async throws {
        try await data.open { martlet in
            let results = await all(64) { _ in .event(try await martlet.register("zoe").rawValue) }
            #expect(results.filter { (try? $0.get()) != nil }.count == 1)
            for case .failure(let error) in results {
                let rejection = try #require(error as? CommandFailure)
                guard case .rejected(.handleTaken) = rejection else {
                    Issue.record("\(rejection)")
                    continue
                }
            }
            #expect(martlet.newest.position == 1)
        }
    }

    @Test func `Sixty-four likes of one account are one event`() async throws {
        try await data.open { martlet in
            let account = try await martlet.register("zoe")
            let post = try await martlet.publish(by: account)
            let results = await all(64) { _ in
                let outcome = try await martlet.execute(.likePost(LikePost(post)), by: .account(account))
                #expect(try martlet.views.read { try $0.like(of: post, by: account) } != nil)
                return outcome
            }
            let outcomes = try results.map { try $0.get() }
            #expect(outcomes.filter { $0 == .unchanged }.count == 63)
            #expect(outcomes.filter { $0 == .event(3) }.count == 1)
            #expect(martlet.newest.position == 3)
            #expect(try martlet.views.read { try $0.post(post)?.likes } == 1)
        }
    }

    @Test func `What is sent again under one key happens once`() async throws {
        try await data.open { martlet in
            let account = try await martlet.register("zoe")
            let command = Command.publishPost(PublishPost(text: "once", replyTo: nil, media: []))
            let results = await all(32) { _ in
                try await martlet.execute(command, by: .account(account), idempotencyKey: "a key")
            }
            #expect(try results.allSatisfy { try $0.get() == .event(2) })
            #expect(martlet.newest.position == 2)
        }
    }

    @Test func `Whoever has an answer sees it in queries`() async throws {
        try await data.open { martlet in
            let accounts = try await [martlet.register("a"), martlet.register("b"), martlet.register("c")]
            _ = await all(12) { client in
                let me = accounts[client % 3]
                for round in 0..<10 {
                    let post = try await martlet.publish("\(client) \(round)", by: me)
                    #expect(martlet.visibility.position >= post.rawValue)
                    #expect(try martlet.views.read { try $0.post(post) } != nil)
                    #expect(try martlet.views.store.feed(of: me).contains(post))
                    _ = try await martlet.execute(.likePost(LikePost(post)), by: .account(accounts[(client + 1) % 3]))
                    #expect(try martlet.views.read { try $0.post(post)?.likes } == 1)
                    guard round % 3 == 0 else { continue }
                    _ = try await martlet.execute(.deletePost(DeletePost(post)), by: .account(me))
                    #expect(try martlet.views.read { try $0.post(post) } == nil)
                }
                return .unchanged
            }
            #expect(try martlet.plainViews().differences(from: martlet.views) == [])
        }
    }

    @Test func `A caller that waits at the close is answered`() async throws {
        let answers = Guarded<[Result<CommandOutcome, CommandFailure>]>([])
        try await data.open { martlet in
            let account = try await martlet.register("zoe")
            for _ in 0..<200 {
                martlet.execute(.publishPost(PublishPost(text: "hi", replyTo: nil, media: [])), by: .account(account)) {
                    result in
                    answers.withLock { $0.append(result) }
                }
            }
            // Twice and at once, as a signal and an orderly end may meet.
            async let first: Void = martlet.close()
            async let second: Void = martlet.close()
            _ = try await (first, second)
            #expect(martlet.visibility.position == martlet.newest.position)
            do {
                _ = try await martlet.publish(by: account)
                Issue.record("a command was taken after the end")
            } catch let failure as CommandFailure {
                guard case .unavailable = failure else { throw failure }
            }
        }
        let positions = answers.withLock { $0 }.map { (try? $0.get())?.position ?? 0 }
        #expect(positions.sorted() == Array(2...201))
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func `Random clients leave read models that equal plain lists`(seed: UInt64) async throws {
        let live = try await data.open { martlet in
            // Each client knows only what it has read, so many commands are refused: part of the test.
            _ = await all(4) { client in
                var commands = RandomCommands(seed: seed * 10 + UInt64(client))
                for _ in 0..<60 {
                    let (issuer, command) = commands.next(try martlet.plainViews())
                    _ = try? await martlet.execute(command, by: issuer)
                }
                return .unchanged
            }
            #expect(martlet.newest.position > 60)
            #expect(try martlet.plainViews().differences(from: martlet.views) == [])
            return try martlet.digests()
        }
        try data.removeViews()
        try await data.open { martlet in
            await martlet.catchUp()
            let rebuilt = try martlet.digests()
            #expect(rebuilt == live)
            #expect(martlet.isReady)
        }
    }
}
