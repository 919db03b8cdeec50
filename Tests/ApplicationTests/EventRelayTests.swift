import EventLog
import Microblog
import PlainMicroblog
import PlainViews
import Projections
import TestSupport
import Testing
import Threads

@testable import Application

/// What comes in memory comes once and in order, and what does not is read from the log.
@Suite struct EventRelayTests {
    private let relay = EventRelay(limit: 1000)

    /// Decides an event for each position, and sends them as a frame.
    private func send(_ positions: ClosedRange<Position>, mark: Int64 = 0, bytes: Int = 100) {
        for position in positions { relay.take(.marked(position, mark)) }
        relay.sent(positions, bytes: bytes)
    }

    @Test func `A frame is given out while it is under way`() throws {
        send(1...2)
        let frame = try #require(relay.next(after: 0).frames?.first)
        #expect(frame.events?.map(\.position) == [1, 2])
        relay.ended(isDurable: true)
        #expect(relay.end(of: frame))
        relay.closed()
        #expect(relay.next(after: 2).isEnd)
    }

    @Test func `Who waits for the end of a frame learns that it failed`() throws {
        send(1...2)
        send(3...3)
        let frame = try #require(relay.next(after: 0).frames?.first)
        let end = Mailbox<Bool>()
        let waiter = OwnedThread(name: "waiter") { [relay] in end.put(relay.end(of: frame)) }
        relay.ended(isDurable: false)
        relay.ended(isDurable: false)
        #expect(end.take() == [false])
        waiter.join()
        // Their positions go to others.
        send(1...1, mark: 7)
        relay.ended(isDurable: true)
        #expect(relay.next(after: 0).frames?.map { $0.events?.map(\.time) } == [[7]])
    }

    @Test func `Durable frames are given out together, without those under way`() {
        send(1...2)
        send(3...3)
        send(4...4)
        relay.ended(isDurable: true)
        relay.ended(isDurable: true)
        #expect(relay.next(after: 0).frames?.map(\.positions) == [1...2, 3...3])
        #expect(relay.next(after: 3).frames?.map(\.positions) == [4...4])
    }

    @Test func `What was there before is read from the log`() {
        relay.begin(at: 5)
        #expect(relay.next(after: 0).isLog)
        send(6...6)
        #expect(relay.next(after: 3).isLog)
        #expect(relay.next(after: 5).frames?.map(\.positions) == [6...6])
    }

    @Test func `Events of others are read from the log once they are durable`() {
        relay.sent(1...3, bytes: 10)
        relay.wake()
        #expect(relay.next(after: 0).isWoken)
        relay.ended(isDurable: true)
        #expect(relay.next(after: 0).isLog)
        send(4...4)
        #expect(relay.next(after: 3).frames?.map(\.positions) == [4...4])
    }

    @Test func `A frame of which some events were not given is read from the log`() {
        relay.take(.marked(2, 0))
        relay.sent(1...2, bytes: 10)
        relay.ended(isDurable: true)
        #expect(relay.next(after: 0).isLog)
    }

    @Test func `An event that was refused gives its position to the next`() {
        relay.take(.marked(1, 1))
        relay.take(.marked(1, 2))
        relay.take(.marked(2, 3))
        relay.sent(1...1, bytes: 10)
        relay.sent(2...2, bytes: 10)
        relay.ended(isDurable: true)
        relay.ended(isDurable: true)
        #expect(relay.next(after: 0).frames?.map { $0.events?.map(\.time) } == [[2], [3]])
    }

    @Test func `What is too much to hold is read from the log`() {
        send(1...1, bytes: 600)
        relay.ended(isDurable: true)
        send(2...2, bytes: 600)
        relay.ended(isDurable: true)
        #expect(relay.next(after: 0).isLog)
        send(3...3, bytes: 600)
        #expect(relay.next(after: 2).frames?.map(\.positions) == [3...3])
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `Every durable event is given out once and in order`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var (log, underWay, decided): ([Int64], [[Int64]], Int64) = ([], [], 0)
        var (given, mark): ([Int64], Int64) = ([], 0)
        func fail() {
            for _ in underWay { relay.ended(isDurable: false) }
            underWay = []
        }
        for _ in 0..<3000 {
            switch generator.below(8) {
            case 0..<3 where underWay.count < 4:
                let start = Position(log.count + underWay.reduce(0) { $0 + $1.count })
                let events = (0..<(1 + generator.below(4))).map { decided + Int64($0) }
                decided += Int64(events.count)
                // Sometimes somebody else decides some of them.
                for (index, event) in events.enumerated() where !generator.oneIn(30) {
                    relay.take(.marked(start + UInt64(index) + 1, event))
                }
                relay.sent(start + 1...start + UInt64(events.count), bytes: 10 + generator.below(300))
                underWay.append(events)
            case 3..<6 where !underWay.isEmpty:
                log += underWay.removeFirst()
                relay.ended(isDurable: true)
            case 6 where generator.oneIn(10): fail()
            case 7:
                // Else it would wait.
                relay.wake()
                guard relay.next(after: 0).isWoken else {
                    Issue.record("seed \(seed): it was not woken")
                    return
                }
                let isNext = log.count > given.count || !underWay.isEmpty
                guard isNext else { continue }
                if log.count == given.count { relay.wake() }
                switch relay.next(after: Position(given.count)) {
                case .frames(let frames):
                    for frame in frames where log.count >= Int(frame.positions.upperBound) {
                        given += frame.events?.map(\.time) ?? []
                    }
                case .log: given += log[given.count...]
                case .woken: mark += 1
                case .end: Issue.record("seed \(seed): it ended")
                }
            default: break
            }
            guard log.starts(with: given) else {
                Issue.record("seed \(seed): \(given.suffix(5)) was given out, the log has \(log.suffix(5))")
                return
            }
        }
        fail()
        relay.closed()
        while true {
            switch relay.next(after: Position(given.count)) {
            case .frames(let frames): given += frames.flatMap { $0.events?.map(\.time) ?? [] }
            case .log: given += log[given.count...]
            case .woken: continue
            case .end:
                #expect(given == log, "seed \(seed)")
                return
            }
        }
    }
}

/// Read models do not depend on the way on which events came.
@Suite struct RelayedProjectionTests {
    @Test(arguments: [0, 600, 4 << 20])
    func `Events in memory make what events of the log make`(limit: Int) async throws {
        var configuration = MartletConfiguration.ofTest
        configuration.relayMemory = limit
        let live = try await DataOfTest().open(configuration) { martlet in
            let accounts = try await [martlet.register("ann"), martlet.register("bob"), martlet.register("cy")]
            let commands: [Command] = (0..<300).map { number in
                switch number % 7 {
                case 0, 1, 2: .publishPost(PublishPost(text: "post \(number) ünï", replyTo: nil, media: []))
                case 3: .likePost(LikePost(PostID(UInt64(4 + number / 2))))
                case 4: .followAccount(FollowAccount(accounts[number % 3]))
                case 5: .unlikePost(UnlikePost(PostID(UInt64(4 + number / 2))))
                default: .deletePost(DeletePost(PostID(UInt64(4 + number / 3))))
                }
            }
            let answered = Watermark(0)
            let count = Guarded(0)
            for start in stride(from: 0, to: commands.count, by: 24) {
                let batch = commands[start..<min(start + 24, commands.count)].enumerated().map { index, command in
                    CommandRequest(command, by: .account(accounts[(start + index) % 3]))
                }
                martlet.execute(batch) { answers in
                    let all = count.withLock { count in
                        count += answers.count
                        return count
                    }
                    answered.advance(to: UInt64(all))
                }
            }
            while answered.value < UInt64(commands.count) { _ = answered.wait(beyond: answered.value) }
            #expect(try martlet.plainViews().differences(from: martlet.views, stride: 1) == [])
            return try martlet.digests()
        }
        #expect(!live.isEmpty)
    }
}

extension EventRelay.Next {
    fileprivate var frames: [EventRelay.Frame]? { if case .frames(let frames) = self { frames } else { nil } }
    fileprivate var isLog: Bool { if case .log = self { true } else { false } }
    fileprivate var isWoken: Bool { if case .woken = self { true } else { false } }
    fileprivate var isEnd: Bool { if case .end = self { true } else { false } }
}

extension RecordedEvent {
    /// An event that its time tells from others.
    fileprivate static func marked(_ position: Position, _ mark: Int64) -> RecordedEvent {
        RecordedEvent(
            position: position, time: mark, issuer: .account(AccountID(1)),
            event: .postPublished(PostPublished(text: "\(mark)", replyTo: nil, media: [])))
    }
}
