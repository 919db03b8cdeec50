import TestSupport
import Testing

@testable import Journal

/// Whatever happens at whatever moment: what was acknowledged is there, what was refused is not.
@Suite struct PowerCutTests {
    @Test(arguments: 0..<6) func `No seed loses what was acknowledged`(block: Int) {
        for seed in 0..<50 {
            var life = JournalLife(seed: UInt64(block * 50 + seed))
            let problem = life.run()
            #expect(problem == nil, "seed \(block * 50 + seed)")
        }
    }

    /// Its header names an earlier frame than what is found when the process is killed then, and its number may be that
    /// of a later segment.
    @Test(arguments: 0..<14) func `An epoch that was given up does not come back`(calls: Int) throws {
        for seed in 0..<20 {
            let disk = SimulatedDisk(seed: UInt64(seed), capacity: 1_100_000)
            var series = FrameSeries()
            let appender = try JournalAppender(on: disk)
            appender.appendDurably([series.next(records: [100])])
            disk.failNext(.sync)
            _ = appender.append([series.next(records: [100])])
            for _ in 0..<2 {
                disk.failNext(.syncDirectory)
                #expect(throws: JournalError.self) { try appender.beginEpoch() }
            }
            disk.restartAfterKill()
            disk.cutPower(after: calls)
            _ = refusal(of: disk)
            disk.restartAfterPowerCut()
            #expect(refusal(of: disk) == nil, "seed \(seed)")
        }
    }

    @Test func `Syncs that are left out are found`() {
        #expect(Self.found { $0.ignoreSyncs() } > 10)
    }

    @Test func `Syncs of the directory that are left out are found`() {
        #expect(Self.found { $0.ignoreDirectorySyncs() } > 2)
    }

    /// How many of a hundred seeds find a fault that is planted.
    private static func found(_ plant: (SimulatedDisk) -> Void) -> Int {
        (0..<100).count { seed in
            var life = JournalLife(seed: UInt64(seed))
            plant(life.disk)
            return life.run() != nil
        }
    }
}
