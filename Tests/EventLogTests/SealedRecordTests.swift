import LMDB
import Sealing
import TestSupport
import Testing

@testable import EventLog

/// Personal parts that are sealed: what opens them, and what is refused.
@Suite struct SealedRecordTests {
    private static let sealed = GoldenVectors.publication
    private static let sealedStart = sealed.count - 4 - 51

    @Test func `Without the key of the account a part is not there, and with it it is`() throws {
        try look(Self.sealed) { record in
            #expect(try record.opened(TestKeys.fixed()) == Array("Hi!".utf8))
            let others = Keyring.inMemory(identity: LogByRows.identity)
            try record.withPersonal(openedBy: others) { personal in
                if case .noKey(account: 1) = personal {} else { Issue.record("\(personal)") }
            }
        }
    }

    @Test func `A key that does not fit is damage that names the account`() throws {
        let others = Keyring.inMemory(identity: LogByRows.identity)
        _ = try others.makeKey(of: 1)
        try look(Self.sealed) { record in
            let found = damage { _ = try record.opened(others) }
            #expect(found?.position == 2)
            #expect(found?.problem.contains("does not open with the key of account 1") == true)
            #expect(found?.problem.contains("restore log and keys from backups") == true)
        }
    }

    /// Under a checksum that is good: what somebody would do who has the log, but not the keys.
    @Test func `Every changed byte of a sealed part is found, and so is another type, schema, account or log`() throws {
        let keys = TestKeys.fixed()
        for index in [1, 2] + Array(Self.sealedStart..<(Self.sealed.count - 4)) {
            var changed = Array(Self.sealed.dropLast(4))
            // Of account 1 becomes account 5, which has a key, too.
            changed[index] ^= 4
            try look(ReferenceRecord.signed(changed, at: 2)) { record in
                let isOfAnother = Self.sealedStart..<(Self.sealedStart + 7) ~= index
                if isOfAnother {
                    let opened = try record.opened(keys)
                    #expect(opened == nil, "byte \(index)")
                } else {
                    #expect(damage { _ = try record.opened(keys) } != nil, "byte \(index)")
                }
            }
        }
        try look(Self.sealed) { record in
            let elsewhere = TestKeys.fixed(identity: [UInt8](repeating: 1, count: 16))
            #expect(damage { _ = try record.opened(elsewhere) } != nil)
        }
    }

    @Test func `Where keys were lost, what does not open is erased and no damage`() throws {
        var changed = Array(Self.sealed.dropLast(4))
        changed[Self.sealedStart + 40] ^= 1
        try look(ReferenceRecord.signed(changed, at: 2)) { record in
            let opened = try record.opened(TestKeys.fixed(lostThrough: 1))
            #expect(opened == nil)
            #expect(damage { _ = try record.opened(TestKeys.fixed()) } != nil)
        }
        try look(Self.sealed) { record in
            let opened = try record.opened(TestKeys.fixed(lostThrough: 9))
            #expect(opened == Array("Hi!".utf8))
        }
    }

    @Test func `Flags that are not known are those of a newer program`() throws {
        for flags in UInt8.min...UInt8.max {
            var record = Array(Self.sealed.dropLast(4))
            record[6] = flags
            let found = damage { try look(ReferenceRecord.signed(record, at: 2)) { _ in } }
            if flags < 4 {
                #expect(found == nil, "\(flags)")
            } else {
                #expect(found?.problem == "its flags \(flags), 0 are unknown; a newer martlet wrote it, use that one")
            }
        }
        var record = Array(Self.sealed.dropLast(4))
        record[7] = 1
        #expect(damage { try look(ReferenceRecord.signed(record, at: 2)) { _ in } } != nil)
    }

    @Test func `A sealed part that is too short for anything is damage`() throws {
        for count in 0...51 {
            var record = Array(Self.sealed.prefix(Self.sealedStart + count))
            record[39] = UInt8(count)
            let found = damage { try look(ReferenceRecord.signed(record, at: 2)) { _ in } }
            if count > 48 {
                #expect(found == nil, "\(count) bytes")
            } else {
                #expect(found?.problem == "its sealed part has only \(count) bytes; restore a backup")
            }
        }
    }

    @Test func `What is sealed is read back, and no byte of it is in the record`() throws {
        var generator = SplitMix64(seed: 4)
        let keys = TestKeys.fixed()
        for round in 0..<2_000 {
            let size = generator.oneIn(50) ? 9_000 : Int.random(in: 0...90, using: &generator)
            let personal = (0..<size).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            let subject: UInt64 = generator.oneIn(2) ? 1 : 5
            let position = Position.random(in: 5...9_999, using: &generator)
            let event = NewEvent(
                streams: [(StreamName("a"), nil)], type: .random(in: .min ... .max, using: &generator),
                schema: .random(in: .min ... .max, using: &generator),
                actor: .random(in: .min ... .max, using: &generator), by: .random(in: .min ... .max, using: &generator),
                payload: (0..<(size % 7)).map { UInt8($0) }, personal: personal, about: subject)
            let goesOn = generator.oneIn(2)
            try RecordLayout.withEncoded(
                event, versions: [1], position: position, time: Int64(round), idempotency: nil, sealing: keys,
                batchGoesOn: goesOn
            ) { bytes in
                let record = try RecordView(position: position, bytes)
                #expect(try record.opened(keys) == personal)
                #expect(record.payload.elementsEqual(event.payload))
                #expect(record.by == event.by && record.actor == event.actor && record.batchGoesOn == goesOn)
                switch record.personal {
                case .none: #expect(personal.isEmpty)
                case .plain: Issue.record("not sealed")
                case .sealed(let part):
                    #expect(part.account == subject)
                    #expect(size < 8 || !Array(bytes).contains(personal))
                }
            }
        }
    }

    @Test func `The same words are sealed differently each time`() throws {
        let keys = TestKeys.fixed()
        var records: Set<[UInt8]> = []
        for _ in 0..<100 {
            try RecordLayout.withEncoded(
                GoldenVectors.publicationEvent, versions: [1, 2], position: 2, time: 0, idempotency: nil, sealing: keys
            ) { _ = records.insert(Array($0)) }
        }
        #expect(records.count == 100)
    }

    private func look(_ bytes: [UInt8], _ body: (RecordView) throws -> Void) throws {
        try bytes.withUnsafeBytes { try body(RecordView(position: 2, $0)) }
    }
}

extension [UInt8] {
    /// Whether some bytes stand in these, one after the other.
    fileprivate func contains(_ part: [UInt8]) -> Bool {
        part.count <= count && indices.dropLast(part.count - 1).contains { self[$0..<($0 + part.count)] == part[...] }
    }
}
