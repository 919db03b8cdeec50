import Microblog
import PlainMicroblog
import PlainViews
import TestSupport
import Testing

@testable import Projections

/// A rebuild is one batch as long as the log, in whatever memory there is: the same rows as event by event.
@Suite struct RebuildTests {
    /// Builds the read models of events that are handed over in parts; answers their digests.
    private func digests(
        _ events: [RecordedEvent], memory: Int, part: (inout SplitMix64) -> Int = { _ in 1000 }, seed: UInt64 = 0
    ) async throws -> [String] {
        try await withRebuilt(events, memory: memory, part: part, seed: seed) { store in
            #expect(try store.read { try $0.position() } == UInt64(events.count))
            return try store.digests().digests.map { "\($0.model.name) \($0.rows) \($0.hex)" }
        }
    }

    @Test(arguments: 100...111 as ClosedRange<UInt64>)
    func `A rebuild gives the rows of the live views at any position`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        var history = RandomHistory(seed: seed)
        history.grow(to: 700)
        try await ProjectedViews.with { views in
            var done = 0
            while done < history.events.count {
                let end = min(history.events.count, done + 1 + random.below(200))
                try await views.apply(history.events[done..<end])
                done = end
                let rebuilt = try await digests(
                    Array(history.events[..<end]), memory: 0, part: { 1 + $0.below(300) }, seed: seed)
                let live = try views.digests()
                #expect(rebuilt == live, "at position \(end)")
            }
        }
    }

    @Test func `A rebuild puts on disk what does not fit in memory`() async throws {
        // The least memory holds 2,048 entries of a kind, so this takes several runs of each.
        var history = RandomHistory(seed: 7)
        history.grow(to: 12_000)
        let inMemory = try await digests(history.events, memory: 1 << 30)
        let onDisk = try await digests(history.events, memory: 0)
        let live = try await ProjectedViews.digests(of: history.events) { _ in 500 }
        #expect(onDisk == inMemory)
        #expect(onDisk == live)
    }

    @Test func `A rebuild of nothing is empty`() async throws {
        let rebuilt = try await digests([], memory: 0)
        #expect(rebuilt.allSatisfy { $0.contains(" 0 ") })
    }

    @Test func `A rebuild names the read model and the event that cannot be applied`() async throws {
        var history = RandomHistory(seed: 8)
        history.grow(to: 300)
        let (author, post) = history.views.accounts.keys.lazy
            .compactMap { id in history.views.posts(by: id).first.map { (id, $0) } }.first!
        for _ in 0..<50 { history.append(.postUnliked(PostUnliked(post)), by: .account(author)) }
        let events = history.events
        await #expect {
            _ = try await digests(events, memory: 0)
        } throws: {
            "\($0)".hasPrefix("read model posts cannot be built: event 3")
                && "\($0)".hasSuffix(": post \(post) has no like that could be taken back")
        }
    }

    @Test func `A rebuild says why the rows cannot be written`() async throws {
        var history = RandomHistory(seed: 9)
        history.grow(to: 5000)
        let directory = TemporaryDirectory()
        let store = try ViewStore(directory: directory.path, mapSize: 1 << 18)
        let events = history.events
        await #expect {
            try await rebuild(events, in: store, memory: 0)
        } throws: {
            "\($0)".contains("MDB_MAP_FULL")
        }
    }
}
