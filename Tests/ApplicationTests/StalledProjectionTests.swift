import LMDB
import Microblog
import PlainMicroblog
import PlainViews
import TestSupport
import Testing
import Threads

@testable import Application
@testable import Projections

/// A projection that stands still while the log moves is noticed, told of, and told of again when it goes on.
@Suite struct StalledProjectionTests {
    private let data = DataOfTest()
    private let reports = Guarded<[String]>([])

    private func configuration(mapSize: Int = 1 << 28) -> MartletConfiguration {
        var configuration = MartletConfiguration()
        configuration.mapSize = mapSize
        configuration.report = { [reports] line in reports.withLock { $0.append(line) } }
        return configuration
    }

    private func reports(containing text: String) -> [String] {
        reports.withLock { $0.filter { $0.contains(text) } }
    }

    private func wait(until condition: () throws -> Bool) async throws {
        while try !condition() { try await Task.sleep(for: .milliseconds(10)) }
    }

    @Test func `A thread that hangs is noticed by the watch`() async throws {
        try await data.open(configuration()) { martlet in
            let zoe = try await martlet.register("zoe")
            let environment = martlet.views.store.environment
            let isHeld = Watermark(0)
            let mayEnd = Watermark(0)
            // LMDB lets in one writer at a time, so the follower waits for this one.
            let writer = OwnedThread(name: "writer") {
                try? environment.write { _ in
                    isHeld.advance(to: 1)
                    _ = mayEnd.wait(beyond: 0)
                }
            }
            #expect(isHeld.wait(beyond: 0) == 1)
            let isVisible = Watermark(0)
            martlet.execute(.publishPost(PublishPost(text: "x", replyTo: nil, media: [])), by: .account(zoe)) { _ in
                isVisible.advance(to: 1)
            }
            // On a busy machine there may have been another before.
            let names = ReadModel.allCases.map(\.name).joined(separator: ", ")
            let standstill = "the read models \(names) have stood still at position 1 for "
            try await wait { !reports(containing: standstill).isEmpty }
            #expect(reports(containing: standstill)[0].hasSuffix(" s, though the log is at 2: nothing tells why"))
            for projector in martlet.projectors {
                #expect(projector.state.name == "stalled")
                #expect(projector.position == 1)
                #expect(projector.lagEvents == 1)
                #expect(projector.lag >= .seconds(2))
            }
            mayEnd.advance(to: 1)
            writer.join()
            #expect(isVisible.wait(beyond: 0) == 1)
            try await wait { martlet.projectors.allSatisfy { $0.state == .live } }
            #expect(reports(containing: standstill).count == 1)
            try await wait { !reports(containing: "go on, after they stood still for").isEmpty }
            for projector in martlet.projectors {
                #expect(projector.lagEvents == 0)
                #expect(projector.lag == .zero)
            }
        }
    }

    @Test func `Read models that are full are stalled until a compact generation takes their place`() async throws {
        try await data.open(configuration(mapSize: 3 << 20)) { martlet in
            var accounts: [AccountID] = []
            for number in 0..<60 { accounts.append(try await martlet.register("h\(number)")) }
            // The next generation does not have what fills this one.
            try martlet.fillViews()
            var pairs = accounts.flatMap { left in accounts.map { (left, $0) } }.filter { $0 != $1 }
            var random = SplitMix64(seed: 7)
            pairs.shuffle(using: &random)
            let answered = Guarded(0)
            for (index, (follower, followed)) in pairs.enumerated() where martlet.visibility.obstacle == nil {
                martlet.execute(.followAccount(FollowAccount(followed)), by: .account(follower)) { _ in
                    answered.withLock { $0 += 1 }
                }
                // A few at a time, so that not much more is durable than fits.
                try await wait { martlet.visibility.obstacle != nil || answered.withLock { $0 } + 8 > index }
            }
            try await wait { martlet.visibility.obstacle != nil }
            try await wait { martlet.projectors.allSatisfy { $0.state.name == "stalled" } }
            #expect(martlet.projectors[0].state.reason?.contains("MDB_MAP_FULL") ?? false)
            try await wait { reports(containing: "stood still").contains { $0.contains("MDB_MAP_FULL") } }
            try martlet.beginRebuild()
            await martlet.settle()
            #expect(martlet.rebuildStatus.name == "done")
            try await wait { martlet.projectors.allSatisfy { $0.state == .live } }
            #expect(martlet.visibility.obstacle == nil)
            _ = try await martlet.publish(by: accounts[0])
            let differences = try martlet.plainViews().differences(from: martlet.views, stride: 53)
            #expect(differences == [])
        }
    }
}
