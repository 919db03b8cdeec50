import Glibc
import TestSupport
import Testing

/// Whatever happens at whatever moment: what was answered stays true.
@Suite struct SimulationTests {
    /// How many seeds each block takes. `MARTLET_SEEDS` sets how many there are in all.
    private static let seeds = getenv("MARTLET_SEEDS").flatMap { Int(String(cString: $0)) } ?? 240

    @Test(arguments: 0..<8) func `No seed makes an answer untrue`(block: Int) throws {
        for seed in stride(from: block, to: Self.seeds, by: 8) {
            let (problem, story) = try Self.problem(UInt64(seed))
            guard let problem else { continue }
            Issue.record("seed \(seed), \(problem); before: \(story.suffix(12).joined(separator: ", "))")
            return
        }
    }

    @Test func `Syncs that are left out are found`() throws {
        var found = 0
        for seed in 0..<40 where try Self.problem(UInt64(seed), plant: { $0.ignoreSyncs() }).0 != nil { found += 1 }
        #expect(found > 5)
    }

    /// What the seeds are for does happen.
    @Test func `Twenty seeds meet all that can happen`() throws {
        var counts: [String: Int] = [:]
        for seed in 0..<20 as Range<UInt64> {
            try Self.withLife(seed) { life in
                _ = life.run()
                let (told, outcomes) = (life.proposals.told, life.proposals.model.outcomes)
                let found = [
                    "events and answers": told.news, "repeats": told.repeats, "failures": told.failures,
                    "kept": outcomes.kept, "gone": outcomes.gone,
                    "failed applications": life.counts.failedApplications,
                    "tables ahead of what the journal knows": life.counts.openingsBehindTables,
                    "a tail": life.counts.openingsWithTail, "failed openings": life.counts.openingsThatFailed,
                ]
                counts.merge(found) { $0 + $1 }
            }
        }
        for (what, count) in counts { #expect(count > 4, "\(what)") }
    }

    private static func problem(
        _ seed: UInt64, plant: (SimulatedDisk) -> Void = { _ in }
    ) throws -> (String?, [String]) {
        try withLife(seed) { life in
            plant(life.disk)
            return (life.run(), life.story)
        }
    }

    private static func withLife<Result>(_ seed: UInt64, _ body: (LogLife) -> Result) throws -> Result {
        try withTemporaryDirectory(inMemory: true) { body(LogLife(seed: seed, directory: $0)) }
    }
}
