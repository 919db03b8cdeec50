import EventLog
import Files
import Foundation
import Glibc
import Journal
import LMDB
import TestSupport
import Testing
import Threads

@testable import Sealing

/// What a log does with keys.
@Suite struct LogKeysTests {
    @Test func `An event about an account without a key fails alone and leaves no trace`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { log in
                let outcomes = log.proposeTogether([
                    { _ in .append(.of("a")) }, { _ in .append(words(about: 9)) }, { _ in .append(.of("a")) },
                ])
                let positions = (try outcomes[0].get(), try outcomes[2].get())
                #expect(positions == (.appended(1), .appended(2)))
                let error = logError { _ = try outcomes[1].get() }
                if case .noKey(account: 9)? = error {} else { Issue.record("\(String(describing: error))") }
                #expect("\(String(describing: error))".contains("account 9 has no key any more"))
                let head = try log.head(of: StreamName("words"))
                #expect(head == nil)
            }
            #expect(try check(path).findings == [])
        }
    }

    @Test func `An event about an account whose key is damaged fails alone`() throws {
        try withTemporaryDirectory { path in
            let log = try LMDBEventLog(
                directory: path, mapSize: 1 << 24, keys: { identity, _ in TestKeys.fixed(identity: identity) })
            defer { log.close() }
            let outcomes = log.proposeTogether([
                { _ in .append(words(about: 1)) }, { _ in .append(words(about: 6)) }, { _ in .append(words(about: 5)) },
            ])
            let positions = (try outcomes[0].get(), try outcomes[2].get())
            #expect(positions == (.appended(1), .appended(2)))
            let error = logError { _ = try outcomes[1].get() }
            if case .keys(.damaged)? = error {} else { Issue.record("\(String(describing: error))") }
            // Nothing had to begin anew.
            #expect(log.counts.epochs == 1)
        }
    }

    @Test func `An event about the account that it makes gets a key, and later ones use it`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { log in
                for _ in 0..<6 { try log.append(.of("a")) }
                #expect(try log.keys.key(of: 7) == nil)
                try log.append(words(about: 7))
                let key = try log.keys.key(of: 7)
                #expect(key != nil)
                try log.append(words(about: 7))
                #expect(try log.keys.key(of: 7) == key)
                #expect(try log.recordsInPlain(log.keys).suffix(2).allSatisfy { !$0.isEmpty })
            }
        }
    }

    @Test func `Once a key is gone, what was sealed with it is gone, and the log is as sound as before`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { log in
                try log.append(words(about: 1))
                try log.append(words(about: 2))
                let chain = try log.chainHead
                try log.keys.destroyKey(of: 1)
                var opened: [[UInt8]?] = []
                _ = try log.read(after: 0, limit: 9) { opened.append(try $0.opened(log.keys)) }
                #expect(opened == [nil, Array("words".utf8)])
                #expect(try log.chainHead == chain)
            }
            #expect(try check(path).findings == [])
        }
    }

    @Test func `Records of both layouts stand in one log`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { try GoldenVectors.append(to: $0) }
            let identity = try withReader(path) { $0.identity }
            let keys = try TestKeys.open(identity)
            try FileManager.default.removeItem(atPath: path + "/journal")
            // The second record as the program before wrote it, with the chain that this makes.
            try withEnvironment(path) { environment in
                try environment.put(GoldenVectors.oldPublication, at: 2)
                var chain = ChainHash(identity: identity)
                for position in 1...2 as ClosedRange<Position> {
                    try environment.record(position).withUnsafeBytes { chain.append($0) }
                }
                try environment.put("chain", ReferenceRecord.bigEndian(2, 8), chain.withBytes { Array($0) })
            }
            #expect(try check(path).findings == [])
            try withLMDBLog(path) { log in
                try log.append(words(about: 1))
                var words: [String] = []
                _ = try log.read(after: 0, limit: 9) { record in
                    words.append("\(record.bytes[0]) " + String(decoding: try record.opened(keys)!, as: UTF8.self))
                }
                #expect(words == ["2 Ada", "1 Hi!", "2 words"])
            }
            #expect(try check(path).findings == [])
        }
    }

    @Test func `A batch whose keys are not durable is not stored, and the next one is`() throws {
        try withTemporaryDirectory { path in
            let slots = BrokenSlots()
            let failures = Guarded<[String]>([])
            let log = try LMDBEventLog(
                directory: path, mapSize: 1 << 24,
                reportFailure: { failure in failures.withLock { $0.append("\(failure)") } },
                keys: { identity, _ in Keyring(identity: identity, logKey: .random(), slots: slots) })
            defer { log.close() }
            slots.failsToSync.withLock { $0 = true }
            let error = logError { try log.append(words(about: 1)) }
            guard case .keys(.disk)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(failures.withLock { $0 } == ["the keys cannot be written: cannot sync keys: Input/output error"])
            #expect(log.head.position == 0)
            slots.failsToSync.withLock { $0 = false }
            #expect(try log.append(words(about: 1)) == .appended(1))
        }
    }

    @Test func `A key that cannot be read is not taken for one that is gone`() throws {
        let slots = BrokenSlots()
        let keys = Keyring(identity: LogByRows.identity, logKey: .random(), slots: slots)
        slots.failsToRead.withLock { $0 = true }
        try GoldenVectors.publication.withUnsafeBytes { bytes in
            let record = try RecordView(position: 2, bytes)
            #expect(throws: KeyError.self) { try record.opened(keys) }
        }
    }

    private func words(about account: UInt64) -> NewEvent {
        NewEvent(
            streams: [(StreamName("words"), nil)], type: 1, actor: 0, personal: Array("words".utf8), about: account)
    }
}

/// Keys in memory, on a disk that fails at will.
private final class BrokenSlots: KeySlots {
    let failsToSync = Guarded(false)
    let failsToRead = Guarded(false)
    private let keys = Guarded<[UInt64: SealingKey]>([:])

    func key(of account: UInt64) throws(KeyError) -> SealingKey? {
        if failsToRead.withLock({ $0 }) { throw .disk(FileError("read", "keys", code: EIO)) }
        return keys.withLock { $0[account] }
    }

    func makeKey(of account: UInt64) throws(KeyError) -> SealingKey {
        keys.withLock { keys in
            let key = keys[account] ?? .random()
            keys[account] = key
            return key
        }
    }

    func sync() throws(KeyError) {
        if failsToSync.withLock({ $0 }) { throw .disk(FileError("sync", "keys", code: EIO)) }
    }

    func destroyKey(of account: UInt64) { keys.withLock { $0[account] = nil } }
    var newestAccount: UInt64 { keys.withLock { $0.keys.max() ?? 0 } }
    func eachSlot(_: (UInt64, SealingKey?) throws -> Void) {}
}
