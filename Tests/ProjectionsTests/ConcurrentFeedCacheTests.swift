import Glibc
import Microblog
import PlainMicroblog
import PlainViews
import TestSupport
import Testing
import Threads

@testable import Projections

/// Loops share what readers saw, and each reads snapshots of its own.
@Suite struct ConcurrentFeedCacheTests {
    @Test func `Pages are those of the full merge while loops and the projection go on at once`() async throws {
        let directory = TemporaryDirectory()
        let generations = try ViewGenerations(
            directory: directory.path + "/views", log: Array(repeating: 7, count: 16), head: 0, mapSize: 1 << 28)
        var history = RandomHistory(seed: 720)
        history.grow(to: 600)
        let accounts = history.views.accounts.keys.sorted()
        // So little memory that readers are forgotten all the time.
        let cache = FeedCache(memory: 16 * 800, leastFollowing: 0, accountsPerLook: 1)
        let isDone = Guarded(false)
        let wrong = Guarded<[String]>([])
        let loops = (0..<3).map { number in
            OwnedThread(name: "loop-\(number)") {
                let reader = ViewReader(generations, feeds: cache)
                var random = SplitMix64(seed: UInt64(721 + number))
                var visits = 0
                // The projection may wait behind other tests, which want the processor, too.
                while visits < 800, !isDone.withLock({ $0 }) {
                    visits += 1
                    usleep(1000)
                    let account = accounts[random.below(accounts.count)]
                    let limit = 1 + random.below(10)
                    do {
                        try reader.read { snapshot in
                            var (found, merged): ([PostID], [PostID]) = ([], [])
                            let next = try snapshot.newestFeed(of: account, limit: limit) { found.append($0.id) }
                            let place = try snapshot.feed(of: account, .newest, limit: limit) { merged.append($0.id) }
                            guard found != merged || next != place else { return }
                            wrong.withLock { $0.append("\(account) got \(found), not \(merged)") }
                        }
                    } catch {
                        wrong.withLock { $0.append("\(error)") }
                    }
                }
            }
        }
        let thread = ThreadExecutor(name: "projection")
        let projection = Projection(
            generations.store, EventArray(history.events), from: 0, on: [thread], states: ProjectionStates())
        let events = history.events
        // Not by way of the Swift pool, where it would wait behind other tests while the loops go on.
        try await BlockingThreads.run {
            for start in stride(from: 0, to: events.count, by: 3) {
                try await projection.apply(EventBatch(Array(events[start..<min(start + 3, events.count)])))
            }
        }
        isDone.withLock { $0 = true }
        for loop in loops { loop.join() }
        thread.stop()
        #expect(wrong.withLock { $0 } == [])
        #expect(FeedSource.allCases.contains { cache.pages($0) > 0 })
    }
}
