import EventLog
import Microblog
import PlainMicroblog
import PlainViews
import Projections
import Testing
import Threads

@testable import Application

/// When the read models cannot go on, what is durable stays so, everybody is answered, and a later start goes on.
@Suite struct StuckReadModelTests {
    private let data = DataOfTest()

    private static func unknownEvent(_ stream: String) -> NewEvent {
        NewEvent(streams: [(StreamName(stream), nil)], type: 99, actor: 0)
    }

    /// What a command is answered, in words.
    private static func answer(
        _ martlet: Martlet, _ command: Command, by account: AccountID, idempotencyKey: String? = nil
    ) async -> String {
        do {
            return "\(try await martlet.execute(command, by: .account(account), idempotencyKey: idempotencyKey))"
        } catch {
            return "\(error)"
        }
    }

    @Test func `An event of an unknown type stops all read models but not the log`() async throws {
        let reports = Guarded<[String]>([])
        var configuration = MartletConfiguration()
        configuration.report = { line in reports.withLock { $0.append(line) } }
        let zoe = try await data.open(configuration) { martlet in
            let zoe = try await martlet.register("zoe")
            let post = try await martlet.publish(by: zoe)
            #expect(await martlet.append(Self.unknownEvent("weather/1")) == .appended(3))
            let answer = await Self.answer(martlet, .likePost(LikePost(post)), by: zoe)
            #expect(answer.hasPrefix("it is stored, but the read models have stopped"))
            #expect(martlet.newest.position == 4)
            await martlet.catchUp()
            #expect(martlet.visibility.position == 2)
            #expect(martlet.states.all.map(\.model) == ReadModel.allCases)
            #expect(martlet.states.all.allSatisfy { $0.position == 2 && $0.reason.contains("99") })
            #expect(!martlet.isReady)
            #expect(try martlet.views.read { try $0.post(post)?.likes } == 0)
            return zoe
        }
        // On a busy machine the watch may have something to say as well.
        #expect(reports.withLock { $0.filter { $0.hasPrefix("the read models stop at position 2") } }.count == 1)
        // A start changes nothing about it; all that comes before the event is shown.
        try data.removeViews()
        try await data.open { martlet in
            await martlet.catchUp()
            #expect(martlet.visibility.position == 2)
            #expect(!martlet.isReady)
            let feed = try martlet.views.store.feed(of: zoe)
            #expect(feed == [PostID(2)])
            let answer = await Self.answer(martlet, .likePost(LikePost(PostID(2))), by: zoe)
            #expect(answer.hasPrefix("it is stored"))
            // What is refused is told why, as ever.
            let refused = await Self.answer(martlet, .likePost(LikePost(PostID(900))), by: zoe)
            #expect(refused == "there is no post 900")
            _ = await Self.answer(martlet, .unlikePost(UnlikePost(PostID(2))), by: zoe)
            #expect(martlet.newest.position == 5)
        }
    }

    @Test func `Nothing is decided upon an event of an unknown type`() async throws {
        try await data.open { martlet in
            let zoe = try await martlet.register("zoe")
            let names = StreamNames(try #require(martlet.log).keys)
            _ = await martlet.append(Self.unknownEvent("\(names.name(of: .handle(try Handle("ada"))))"))
            let register = Command.registerAccount(
                RegisterAccount(
                    handle: try Handle("ada"), name: try DisplayName("Ada"), role: .member, key: nil))
            for _ in 0..<2 {
                let answer = await Self.answer(martlet, register, by: zoe, idempotencyKey: "key")
                #expect(answer.hasPrefix("event 2 has type 99"))
            }
            #expect(martlet.newest.position == 2)
        }
    }

    @Test func `An event that cannot be applied is passed by the others and tried again after a start`() async throws {
        let unknown = Event.mediaAttached(MediaAttached(MediaID(900), to: PostID(2)))
        for start in 0..<2 {
            try await data.open { martlet in
                if start == 0 {
                    let zoe = try await martlet.register("zoe")
                    _ = try await martlet.publish(by: zoe)
                    _ = await martlet.append(unknown, at: 3, by: .account(zoe))
                    _ = try await martlet.register("ada")
                }
                await martlet.settle()
                #expect(martlet.visibility.position == 4)
                try #require(martlet.states.all.map(\.model) == [.media, .posts])
                // After the start there was a rebuild, which nothing of the old views was lost by.
                let obstacle = "event 3: media 900 was never uploaded"
                #expect(
                    martlet.states.all[0].reason == (start == 0 ? "" : "read model media cannot be built: ") + obstacle)
                #expect(try martlet.views.read { try $0.account(with: Handle("ada")) } == AccountID(4))
                #expect(!martlet.isReady)
            }
        }
    }

    @Test func `Views without room refuse further commands and lose nothing`() async throws {
        let isStuck = Watermark(0)
        var small = MartletConfiguration()
        small.mapSize = 3 << 20
        small.report = { line in if line.contains("cannot be written") { isStuck.advance(to: 1) } }
        let answers = Guarded<[Result<CommandOutcome, CommandFailure>]>([])
        var sent = 0
        try await data.open(small) { martlet in
            var accounts: [AccountID] = []
            for number in 0..<60 { accounts.append(try await martlet.register("h\(number)")) }
            // So the views are full long before the log.
            try martlet.fillViews()
            for (follower, followed) in accounts.flatMap({ left in accounts.map { (left, $0) } })
            where follower != followed {
                sent += 1
                martlet.execute(.followAccount(FollowAccount(followed)), by: .account(follower)) { result in
                    answers.withLock { $0.append(result) }
                }
            }
            #expect(isStuck.wait(beyond: 0) == 1)
            #expect(martlet.visibility.obstacle != nil)
            let refused = await Self.answer(martlet, .followAccount(FollowAccount(accounts[0])), by: accounts[0])
            #expect(refused.hasPrefix("the read models cannot be written: ") && refused.contains("MDB_MAP_FULL"))
        }
        let results = answers.withLock { $0 }
        #expect(results.count == sent)
        let shown = results.compactMap { try? $0.get().position }
        let stored = results.filter { result in
            if case .failure(let failure) = result { failure.description.hasPrefix("it is stored") } else { false }
        }
        #expect(shown.count + stored.count > 0)
        #expect(!stored.isEmpty)
        try await data.open { martlet in
            await martlet.catchUp()
            #expect(martlet.isReady)
            #expect(Int(martlet.newest.position) == 60 + shown.count + stored.count)
            #expect(shown.sorted() == Array(61..<61 + UInt64(shown.count)))
            let differences = try martlet.plainViews().differences(from: martlet.views, stride: 53)
            #expect(differences == [])
        }
    }
}
