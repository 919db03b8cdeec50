import PlainViews
import Testing
import Threads

@testable import Projections

/// A batch that is not durable yet is made ready, and nobody sees it before it is.
@Suite struct ConfirmedBatchTests {
    private struct Vanished: Error {}

    @Test func `A batch that vanishes leaves nothing, and another takes its positions`() async throws {
        var history = RandomHistory(seed: 12)
        history.grow(to: 60)
        let events = history.events
        // Other events at the same positions.
        let others = zip(events[20..<40], events[20..<40].reversed()).map { place, other in
            RecordedEvent(position: place.position, time: place.time, issuer: other.issuer, event: other.event)
        }
        let expected = try await ProjectedViews.digests(of: events, cut: { _ in 20 })
        try await ProjectedViews.with { views in
            try await views.apply(events[..<20])
            let before = try views.digests()
            let seen = Guarded<[UInt64]>([])
            let store = views.store
            await #expect(throws: Vanished.self) {
                try await views.apply(ahead: others) {
                    let position = try store.read { try $0.position() }
                    seen.withLock { $0.append(position) }
                    throw Vanished()
                }
            }
            #expect(seen.withLock { $0 } == [20])
            #expect(try views.digests() == before)
            #expect(views.states.all.isEmpty, "a projector stopped at an event that never happened")
            try await views.apply(events[20..<40])
            try await views.apply(events[40...])
            #expect(try views.digests() == expected)
        }
    }
}
