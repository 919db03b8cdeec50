import EventLog
import Threads

@testable import Sealing

/// The keys of the logs of tests. A log that is opened again gets the same ones.
enum TestKeys {
    private static let rings = Guarded<[[UInt8]: Keyring]>([:])

    /// The keys of a log. Accounts 1 and 2 have one.
    static func open(_ identity: [UInt8]) throws -> Keyring {
        let ring = rings.withLock { rings in
            let ring = rings[identity] ?? Keyring.inMemory(identity: identity)
            rings[identity] = ring
            return ring
        }
        for account in 1...2 as ClosedRange<UInt64> { _ = try ring.makeKey(of: account) }
        return ring
    }

    /// Keys that are written down, of accounts 1 and 5: `00 01 ... 1f` and `80 81 ... 9f`.
    static func fixed(identity: [UInt8] = LogByRows.identity, lostThrough: UInt64 = 0) -> Keyring {
        Keyring(identity: identity, logKey: .random(), lostThrough: lostThrough, slots: FixedSlots())
    }

    private struct FixedSlots: KeySlots {
        func key(of account: UInt64) throws(KeyError) -> SealingKey? {
            let start: UInt8
            switch account {
            case 1: start = 0
            case 5: start = 0x80
            case 6: throw .damaged("keys", slot: 6, problem: "it is not what was written")
            default: return nil
            }
            return Array(start..<(start + 32)).withUnsafeBytes { SealingKey($0) }
        }

        func makeKey(of account: UInt64) throws(KeyError) -> SealingKey {
            guard let key = try key(of: account) else { throw .erased(account: account) }
            return key
        }

        func sync() {}
        func destroyKey(of _: UInt64) {}
        var newestAccount: UInt64 { 5 }
        func eachSlot(_: (UInt64, SealingKey?) throws -> Void) {}
    }
}

extension LMDBEventLog {
    /// Opens a log with the keys of tests.
    convenience init(
        directory: String, mapSize: Int, _ configuration: WriteConfiguration = WriteConfiguration(),
        reportFailure: @escaping @Sendable (LogError) -> Void = { _ in }
    ) throws {
        try self.init(
            directory: directory, mapSize: mapSize, configuration, reportFailure: reportFailure,
            keys: { identity, _ in try TestKeys.open(identity) })
    }
}

extension LogSource {
    /// The records, as they are when nothing is sealed in them.
    func recordsInPlain(_ keys: Keyring, after position: Position = 0, limit: Int = .max) throws -> [[UInt8]] {
        var records: [[UInt8]] = []
        _ = try read(after: position, limit: limit) { records.append(try ReferenceRecord.inPlain($0, keys)) }
        return records
    }
}

extension RecordView {
    /// What is personal, in plain; `nil` if there is no key.
    func opened(_ keys: Keyring) throws -> [UInt8]? {
        try withPersonal(openedBy: keys) { personal in
            switch personal {
            case .plain(let bytes): Array(bytes)
            case .noKey: nil
            }
        }
    }
}
