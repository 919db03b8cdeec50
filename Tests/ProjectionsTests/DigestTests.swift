import PlainViews
import TestSupport
import Testing

@testable import Projections

/// A digest depends on the events alone: not on how they were cut into batches, nor on the number of threads.
@Suite struct DigestTests {
    @Test(arguments: 20...29 as ClosedRange<UInt64>)
    func `Every way to cut the events gives the same digests`(seed: UInt64) async throws {
        var history = RandomHistory(seed: seed)
        history.grow(to: 400)
        let events = history.events
        let whole = try await ProjectedViews.digests(of: events) { _ in events.count }
        let single = try await ProjectedViews.digests(of: events) { _ in 1 }
        #expect(single == whole)
        for cutting in 1...4 as ClosedRange<UInt64> {
            let cut = try await ProjectedViews.digests(
                of: events, threads: Int(cutting % 2) + 1, cut: { 1 + $0.below(cutting < 3 ? 12 : 150) }, seed: cutting)
            #expect(cut == whole)
        }
    }

    @Test func `A digest changes with any event`() async throws {
        var history = RandomHistory(seed: 30)
        history.grow(to: 120)
        var seen: Set<[String]> = []
        try await ProjectedViews.with { views in
            for event in history.events {
                try await views.apply([event])
                seen.insert(try views.digests())
            }
        }
        // Taking back what was just done brings old digests back; little else may.
        #expect(seen.count > history.events.count * 8 / 10)
    }

    @Test func `The digest of nothing is that of empty tables`() async throws {
        let (position, digests) = try await ProjectedViews.with { try $0.store.digests() }
        #expect(position == 0)
        #expect(digests.map(\.model) == ReadModel.allCases)
        #expect(digests.allSatisfy { $0.rows == 0 && $0.hash.count == 32 })
        #expect(Set(digests.map(\.hex)).count == ReadModel.allCases.count)
    }
}
