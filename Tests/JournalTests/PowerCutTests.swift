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
