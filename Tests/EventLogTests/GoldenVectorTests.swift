import EventLog
import LMDB
import TestSupport
import Testing

/// The bytes on disk, written down: whoever changes them makes logs that are out there unreadable.
/// `docs/storage-format.md` explains the same bytes.
@Suite struct GoldenVectorTests {
    @Test func `A record of two streams without a command has these bytes`() throws {
        try withGoldenLog { environment in
            let record = try environment.value("events", bytes("00 00 00 00 00 00 00 01"))
            #expect(record == GoldenVectors.registration)
        }
    }

    @Test func `A record of a command has these bytes`() throws {
        try withGoldenLog { environment in
            let record = try environment.value("events", bytes("00 00 00 00 00 00 00 02"))
            #expect(record == GoldenVectors.publication)
        }
    }

    @Test func `Stream heads have these bytes`() throws {
        try withGoldenLog { environment in
            let account = try environment.value("streams", Array("account/1".utf8))
            #expect(account == bytes("00 00 00 00 00 00 00 02  00 00 00 00 00 00 00 02  07 00 00 00 00 00 00 00"))
            let handle = try environment.value("streams", Array("handle/ada".utf8))
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
            #expect(try environment.value("meta", Array("format".utf8)) == Array("martlet-log 2".utf8))
            let identity = try environment.value("meta", Array("identity".utf8))
            #expect(identity?.count == 16)
        }
    }

    @Test func `The tables hold nothing else`() throws {
        try withGoldenLog { environment in
            let counts = try ["events", "streams", "commands", "meta", "chain"].map { name in
                let table = try environment.table(name)
                return try environment.read { try $0.count(table) }
            }
            #expect(counts == [2, 3, 2, 2, 1])
        }
    }

    @Test func `The written bytes are read as what they mean`() throws {
        try GoldenVectors.publication.withUnsafeBytes { bytes in
            let record = try RecordView(position: 2, bytes)
            #expect(record.type == 7)
            #expect(record.schema == 3)
            #expect(record.time == 1_341_100_800_123)
            #expect(record.actor == 1)
            #expect(record.streams.map { "\($0.name) \($0.version)" } == ["post/2 1", "account/1 2"])
            #expect(record.idempotency == Idempotency(actor: 1, key: Array("k-1".utf8), fingerprint: Array(0...15)))
            #expect(record.payload.elementsEqual([0, 255, 16]))
            #expect(record.personal.elementsEqual("Hi!".utf8))
        }
        try GoldenVectors.registration.withUnsafeBytes { bytes in
            let record = try RecordView(position: 1, bytes)
            #expect(record.idempotency == nil)
            #expect(record.actor == 0)
        }
    }

    private func withGoldenLog(_ body: (Environment) throws -> Void) throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { try GoldenVectors.append(to: $0) }
            try body(Environment(path: path, mapSize: 1 << 28, durability: .everyCommit, readOnly: true))
        }
    }
}
