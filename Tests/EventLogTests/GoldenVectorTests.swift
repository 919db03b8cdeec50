import LMDB
import TestSupport
import Testing

@testable import EventLog

/// The bytes on disk, written down: whoever changes them makes logs that are out there unreadable.
/// `docs/storage-format.md` explains the same bytes.
@Suite struct GoldenVectorTests {
    @Test func `Records have these bytes, but for what is random in a sealed part`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { log in
                try GoldenVectors.append(to: log)
                let records = try log.recordsInPlain(log.keys)
                #expect(records[0] == GoldenVectors.registrationInPlain)
                var second = GoldenVectors.publicationInPlain.dropLast(4)
                second[6] = 0
                #expect(records[1] == ReferenceRecord.signed(Array(second), at: 2))
            }
        }
    }

    @Test func `A sealed part stands where the golden one does`() throws {
        let keys = TestKeys.fixed()
        for (event, position, golden) in [
            (GoldenVectors.registrationEvent, Position(1), GoldenVectors.registration),
            (GoldenVectors.publicationEvent, 2, GoldenVectors.publication),
        ] {
            let command = Idempotency(actor: 1, key: Array("k-1".utf8), fingerprint: Array(0...15))
            try RecordLayout.withEncoded(
                event, versions: [1, position], position: position,
                time: position == 1 ? 1_341_100_800_000 : 1_341_100_800_123,
                idempotency: position == 1 ? nil : command, sealing: keys
            ) { record in
                // Nonce, tag, ciphertext and checksum differ.
                #expect(record.count == golden.count)
                #expect(record.dropLast(47).elementsEqual(golden.dropLast(47)))
                #expect(!record.elementsEqual(golden))
            }
        }
    }

    @Test func `A batch that goes on is written as a flag`() throws {
        var event = GoldenVectors.publicationEvent
        event.personal = []
        try RecordLayout.withEncoded(
            event, versions: [1, 2], position: 2, time: 1_341_100_800_123,
            idempotency: Idempotency(actor: 1, key: Array("k-1".utf8), fingerprint: Array(0...15)),
            sealing: TestKeys.fixed(), batchGoesOn: true
        ) { record in
            var golden = Array(GoldenVectors.publicationInPlain.dropLast(7))
            golden[39] = 0
            #expect(record.elementsEqual(ReferenceRecord.signed(golden, at: 2)))
        }
    }

    @Test func `Stream heads have these bytes`() throws {
        try withGoldenLog { environment in
            let account = try environment.value("streams", Array("account/1".utf8))
            #expect(account == bytes("00 00 00 00 00 00 00 02  00 00 00 00 00 00 00 02  07 00 00 00 00 00 00 00"))
            let handle = try environment.value("streams", Array("handle/00112233445566778899aabbccddeeff".utf8))
            #expect(handle == bytes("00 00 00 00 00 00 00 01  00 00 00 00 00 00 00 01  01 00 00 00 00 00 00 00"))
        }
    }

    @Test func `Rows of the commands table have these bytes`() throws {
        try withGoldenLog { environment in
            let event = try environment.value("commands", bytes("00 00 00 00 00 00 00 01  6b 2d 31"))
            #expect(
                event == bytes("00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f  00 00 00 00 00 00 00 02"))
            let nothing = try environment.value("commands", bytes("00 00 00 00 00 00 00 01  6b 2d 32"))
            #expect(
                nothing
                    == bytes("ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff  00 00 00 00 00 00 00 00  6f 6b"))
        }
    }

    @Test func `The meta table names the format and the log`() throws {
        try withGoldenLog { environment in
            #expect(try environment.value("meta", Array("format".utf8)) == Array("martlet-log 3".utf8))
            let identity = try environment.value("meta", Array("identity".utf8))
            #expect(identity?.count == 16)
            let newestKey = try environment.value("meta", Array("newest key".utf8))
            #expect(newestKey == bytes("00 00 00 00 00 00 00 01"))
        }
    }

    @Test func `The tables hold nothing else`() throws {
        try withGoldenLog { environment in
            let counts = try ["events", "streams", "commands", "meta", "chain"].map { name in
                let table = try environment.table(name)
                return try environment.read { try $0.count(table) }
            }
            #expect(counts == [2, 3, 2, 3, 1])
        }
    }

    @Test(arguments: [GoldenVectors.oldPublication, GoldenVectors.publication, GoldenVectors.publicationInPlain])
    func `The written bytes are read as what they mean`(written: [UInt8]) throws {
        try written.withUnsafeBytes { bytes in
            let record = try RecordView(position: 2, bytes)
            #expect(record.type == 7)
            #expect(record.schema == 3)
            #expect(record.time == 1_341_100_800_123)
            #expect(record.actor == 1)
            #expect(record.by == (written[0] == 1 ? 0 : 5))
            #expect(record.batchGoesOn == (written == GoldenVectors.publicationInPlain))
            #expect(record.streams.map { "\($0.name) \($0.version)" } == ["post/2 1", "account/1 2"])
            #expect(record.idempotency == Idempotency(actor: 1, key: Array("k-1".utf8), fingerprint: Array(0...15)))
            #expect(record.payload.elementsEqual([0, 255, 16]))
            #expect(try record.opened(TestKeys.fixed()) == Array("Hi!".utf8))
        }
    }

    @Test(arguments: [GoldenVectors.registration, GoldenVectors.registrationInPlain])
    func `A record without a command is read`(written: [UInt8]) throws {
        try written.withUnsafeBytes { bytes in
            let record = try RecordView(position: 1, bytes)
            #expect(record.idempotency == nil)
            #expect(record.actor == 0)
            #expect(record.by == 0)
            #expect(try record.opened(TestKeys.fixed()) == Array("Ada".utf8))
        }
    }

    private func withGoldenLog(_ body: (Environment) throws -> Void) throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { try GoldenVectors.append(to: $0) }
            try body(Environment(path: path, mapSize: 1 << 28, durability: .everyCommit, readOnly: true))
        }
    }
}
