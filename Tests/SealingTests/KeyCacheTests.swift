import TestSupport
import Testing
import Threads

@testable import Sealing

@Suite struct KeyCacheTests {
    @Test func `It gives what was entered, or nothing`() {
        let cache = KeyCache(bits: 6)
        var generator = SplitMix64(seed: 5)
        var truth: [UInt64: SealingKey?] = [:]
        var hits = 0
        for _ in 0..<20_000 {
            let account = UInt64(1 + generator.below(200))
            switch cache[account] {
            case .key(let key):
                #expect(truth[account] == .some(key))
                hits += 1
            case .none:
                #expect(truth[account] == .some(nil))
                hits += 1
            case .unknown(let ticket):
                let key: SealingKey?? = truth[account] ?? (generator.oneIn(5) ? nil : .random())
                truth[account] = .some(key ?? nil)
                cache.enter(key ?? nil, of: account, ticket)
            }
            if generator.oneIn(50) {
                truth[account] = .some(nil)
                cache.remove(account)
            }
        }
        #expect(hits > 2_000)
    }

    /// The key was read before it was erased, and comes to the cache afterwards.
    @Test func `A key that was erased meanwhile is not entered`() {
        let cache = KeyCache(bits: 6)
        guard case .unknown(let ticket) = cache[9] else {
            Issue.record("an empty cache knows something")
            return
        }
        cache.remove(9)
        cache.enter(.random(), of: 9, ticket)
        if case .key = cache[9] { Issue.record("the erased key is back") }
    }

    @Test func `Threads that read while keys are made and erased see no other key`() async throws {
        let disk = try SimulatedDisk.withKeys()
        let keys = try disk.openKeys()
        let made = try keys.makeKeys(1...600)
        try await withThrowingTaskGroup { group in
            for reader in 0..<3 {
                group.addTask {
                    var generator = SplitMix64(seed: UInt64(reader))
                    var gone: Set<UInt64> = []
                    for _ in 0..<10_000 {
                        let account = UInt64(1 + generator.below(600))
                        if let key = try keys.key(of: account) {
                            #expect(key == made[account] && !gone.contains(account), "account \(account)")
                        } else {
                            #expect(account % 3 == 0, "account \(account)")
                            gone.insert(account)
                        }
                    }
                }
            }
            group.addTask {
                for account in UInt64(1)...600 {
                    if account % 3 == 0 { try keys.destroyKey(of: account) }
                    if account % 5 == 0 { try keys.makeKeys([1000 + account]) }
                }
            }
            try await group.waitForAll()
        }
        #expect(try keys.count == 400 + 120)
    }
}
