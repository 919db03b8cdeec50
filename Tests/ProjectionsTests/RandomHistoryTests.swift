import Microblog
import PlainMicroblog
import PlainViews
import TestSupport
import Testing

@testable import Projections

/// Random histories, projected in random batches, beside plain arrays and dictionaries that take one event at a time.
@Suite struct RandomHistoryTests {
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `Every query answers what plain lists say`(seed: UInt64) async throws {
        try await ProjectedViews.with(threads: seed % 3 == 0 ? 2 : 1) { views in
            var random = SplitMix64(seed: seed)
            var history = RandomHistory(seed: seed)
            while history.events.count < 500 {
                let done = history.events.count
                history.grow(to: done + Self.batch(seed, &random))
                try await views.apply(history.events[done...])
                if random.below(5) == 0 { try views.restart() }
                // Every batch of the first hundred events; later on a sample, since each look asks everything.
                guard done < 100 || random.below(8) == 0 else { continue }
                let differences = try history.views.differences(from: views.store)
                #expect(differences == [], "after \(history.events.count) events")
                guard differences.isEmpty else { return }
            }
            #expect(try history.views.differences(from: views.store) == [])
            #expect(views.states.all.isEmpty)
        }
    }

    @Test func `The histories have everything that can happen`() {
        var types: Set<EventType> = []
        var likedAgain = 0
        var deletedWithLikes = 0
        for seed in 1...3 as ClosedRange<UInt64> {
            var history = RandomHistory(seed: seed)
            history.grow(to: 500)
            types.formUnion(history.events.map(\.event.type))
            var unliked: Set<[UInt64]> = []
            var liked: Set<PostID> = []
            for recorded in history.events {
                switch recorded.event {
                case .postLiked(let event):
                    liked.insert(event.post)
                    if unliked.contains([event.post.rawValue, recorded.issuer.rawValue]) { likedAgain += 1 }
                case .postUnliked(let event): unliked.insert([event.post.rawValue, recorded.issuer.rawValue])
                case .postDeleted(let event): if liked.contains(event.post) { deletedWithLikes += 1 }
                default: break
                }
            }
        }
        #expect(types == Set(EventType.all))
        #expect(likedAgain > 10)
        #expect(deletedWithLikes > 10)
    }

    /// One event at a time, a few, some dozens, or a mixture, by seed.
    private static func batch(_ seed: UInt64, _ random: inout SplitMix64) -> Int {
        switch seed % 4 {
        case 0: 1
        case 1: 1 + random.below(5)
        case 2: 1 + random.below(60)
        default: random.below(3) == 0 ? 1 + random.below(120) : 1 + random.below(4)
        }
    }
}
