import Files
import TestSupport

@testable import Sealing

/// Keys that are made, erased, fail, are killed and lose their power, over and over, by a seed; beside them stands what
/// must be true. One thread does all of it.
struct KeyLife {
    let disk: SimulatedDisk
    private var generator: SplitMix64
    private var isStarted = false
    private var logKey: SealingKey?
    /// What is durable for certain.
    private var durable: [UInt64: SealingKey] = [:]
    /// What may be there: nobody was told that it is durable.
    private var open: [UInt64: SealingKey] = [:]
    /// Whose key is gone for certain.
    private var erased: Set<UInt64> = []
    /// Whose key may be gone: nobody was told that it is. What the system shows may come back.
    private var leaving: Set<UInt64> = []

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
        disk = SimulatedDisk(seed: seed &+ 1 << 32, capacity: [24_000, 90_000, 1 << 20][Int(seed % 3)])
    }

    /// - Returns: what was not as it must be; `nil` if nothing.
    mutating func run() -> String? {
        for life in 0..<6 {
            var keys: Keyring?
            var starts = 0
            while keys == nil {
                starts += 1
                guard starts < 50 else { return "life \(life), opening: it never succeeds" }
                // Also while it is opened, again and again.
                if generator.oneIn(3) { disk.cutPower(after: generator.below(10)) }
                do throws(KeyError) {
                    keys = try start()
                } catch .disk { restart() } catch { return "life \(life), opening: \(error)" }
            }
            if let problem = checkOpened(keys!) ?? use(keys!) { return "life \(life), \(problem)" }
            if let problem = readBeside() { return "life \(life), a reader: \(problem)" }
            restart()
        }
        return nil
    }

    /// What a start does: the log is new until a start has returned.
    private mutating func start() throws(KeyError) -> Keyring {
        let keys = try Keyring.start(on: disk, path: "keys", master, log: identity, isNew: !isStarted)
        isStarted = true
        return keys
    }

    private mutating func restart() {
        if generator.oneIn(4) { disk.restartAfterKill() } else { disk.restartAfterPowerCut() }
    }

    private mutating func checkOpened(_ keys: Keyring) -> String? {
        if let logKey, logKey != keys.logKey { return "the log has another key" }
        logKey = keys.logKey
        do {
            var found = try keys.allKeys()
            // Those that were found are written again by the opening.
            for (account, key) in open where found[account] == .some(key) { durable[account] = key }
            open = [:]
            var expected = durable.mapValues { SealingKey?.some($0) }.merging(erased.map { ($0, nil) }) { $1 }
            for account in leaving {
                guard let key = found.removeValue(forKey: account), key == nil || key == durable[account] else {
                    return "account \(account) has lost its slot"
                }
                expected[account] = nil
            }
            guard found == expected else {
                return "found \(found.keys.sorted()), expected \(expected.keys.sorted())"
            }
        } catch { return "\(error)" }
        return nil
    }

    private mutating func erase(_ account: UInt64) {
        durable[account] = nil
        open[account] = nil
        erased.insert(account)
    }

    private mutating func use(_ keys: Keyring) -> String? {
        disk.cutPower(after: generator.below(60))
        if generator.oneIn(2) { disk.failOneIn(4 + generator.below(30)) }
        do {
            for _ in 0..<generator.below(50) {
                switch generator.below(8) {
                case 0: eraseSome(keys)
                case 1...4: try makeSome(keys)
                default: if (try? keys.sync()) != nil { settle() }
                }
                if let problem = try checkOne(keys) { return problem }
            }
        } catch KeyError.disk {
            // The power is off.
            return nil
        } catch { return "\(error)" }
        return nil
    }

    private mutating func settle() {
        durable.merge(open) { $1 }
        open = [:]
    }

    private mutating func makeSome(_ keys: Keyring) throws {
        for _ in 0..<(1 + generator.below(generator.oneIn(6) ? 60 : 4)) {
            // Now and then one that is older than the newest.
            let account =
                generator.oneIn(12)
                ? UInt64(1 + generator.below(300)) : keys.newestAccount + UInt64(1 + generator.below(4))
            guard !erased.contains(account), !leaving.contains(account) else { continue }
            let key = try keys.makeKey(of: account)
            if durable[account] == nil { open[account] = key }
        }
    }

    private mutating func eraseSome(_ keys: Keyring) {
        guard let account = durable.keys.sorted().randomElement(using: &generator) else { return }
        leaving.insert(account)
        if (try? keys.destroyKey(of: account)) != nil {
            settle()
            leaving.remove(account)
            erase(account)
        }
    }

    private mutating func checkOne(_ keys: Keyring) throws -> String? {
        let account = UInt64(1 + generator.below(300))
        guard !leaving.contains(account) else { return nil }
        let expected = durable[account] ?? open[account]
        return try keys.key(of: account) == expected ? nil : "account \(account) has another key"
    }

    /// Somebody who only reads what is left, before anything is opened and mended.
    private mutating func readBeside() -> String? {
        var copy = self
        copy.restart()
        guard isStarted, let keys = try? disk.openKeys(isOwner: false) else { return nil }
        do {
            for (account, key) in durable where !leaving.contains(account) {
                guard try keys.key(of: account) == key else { return "account \(account) has another key" }
            }
            for account in erased where try keys.key(of: account) != nil { return "account \(account) has a key again" }
        } catch { return "\(error)" }
        return nil
    }
}
