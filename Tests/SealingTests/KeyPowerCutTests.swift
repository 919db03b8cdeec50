import TestSupport
import Testing

@testable import Sealing

/// Whatever happens at whatever moment: a key that was durable is there, and one that was erased is not.
@Suite struct KeyPowerCutTests {
    @Test(arguments: 0..<5) func `No seed loses a key, or brings one back`(block: Int) {
        for seed in 0..<30 {
            var life = KeyLife(seed: UInt64(block * 30 + seed))
            let problem = life.run()
            #expect(problem == nil, "seed \(block * 30 + seed)")
        }
    }

    @Test func `Syncs that are left out are found`() {
        #expect(Self.found { $0.ignoreSyncs() } > 10)
    }

    @Test func `Syncs of the directory that are left out are found`() {
        #expect(Self.found { $0.ignoreDirectorySyncs() } > 10)
    }

    /// How many of a hundred seeds find a fault that is planted.
    private static func found(_ plant: (SimulatedDisk) -> Void) -> Int {
        (0..<50).count { seed in
            var life = KeyLife(seed: UInt64(seed))
            plant(life.disk)
            return life.run() != nil
        }
    }
}
