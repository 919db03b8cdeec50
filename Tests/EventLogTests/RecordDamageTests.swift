import TestSupport
import Testing

@testable import EventLog

@Suite struct RecordDamageTests {
    private static let records: [(position: Position, bytes: [UInt8])] = [
        (1, GoldenVectors.registration), (2, GoldenVectors.publication), (2, GoldenVectors.publicationInPlain),
        (2, GoldenVectors.oldPublication),
    ]

    @Test(arguments: 0..<4) func `Every flipped bit is found`(record: Int) {
        let (position, bytes) = RecordDamageTests.records[record]
        for bit in 0..<(bytes.count * 8) {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << (bit % 8)
            let found = damage { try look(position, damaged) }
            #expect(found?.position == position, "bit \(bit)")
        }
    }

    @Test(arguments: 0..<4) func `Every truncation and every extension is found`(record: Int) {
        let (position, bytes) = RecordDamageTests.records[record]
        for count in 0..<bytes.count {
            #expect(damage { try look(position, Array(bytes.prefix(count))) } != nil, "\(count) bytes")
            #expect(damage { try look(position, Array(bytes.suffix(count))) } != nil, "last \(count) bytes")
        }
        #expect(damage { try look(position, bytes + [0]) } != nil)
        #expect(damage { try look(position, [0] + bytes) } != nil)
    }

    @Test func `A record at another position is damage`() {
        let found = damage { try look(3, GoldenVectors.publication) }
        #expect(
            found?.description
                == "the log is damaged at position 3: the record's checksum is wrong; restore a backup")
    }

    @Test func `An unknown layout names itself`() {
        let found = damage { try look(1, signed([3] + GoldenVectors.registration.dropFirst().dropLast(4))) }
        #expect(found?.problem == "record layout 3 is unknown; a newer martlet wrote it, use that one")
    }

    /// Headers that lie, under a checksum that is right: what a faulty writer or a forged backup would bring.
    @Test func `A record that lies about its parts is refused, and one that lies about nothing else is read`() {
        for record in Self.records.map(\.bytes) {
            let content = Array(record.dropLast(4))
            let headerSize = record[0] == 1 ? 32 : 40
            for index in 1..<content.count {
                for value in UInt8.min...UInt8.max where value != content[index] {
                    var forged = content
                    forged[index] = value
                    let isRead = isRead(signed(forged))
                    switch index {
                    // The type, the schema, the time, the actor, by.
                    case 1, 2, 8..<(headerSize - 8): #expect(isRead, "byte \(index) is \(value)")
                    // The lengths of command, payload and personal part.
                    case 4, 5, (headerSize - 8)..<headerSize: #expect(!isRead, "byte \(index) is \(value)")
                    // Others may be read as something else; ``look(_:_:)`` checks that the parts add up then.
                    default: break
                    }
                }
            }
        }
    }

    @Test func `Random bytes under a right checksum are refused, or are a record whose parts add up`() {
        var generator = SplitMix64(seed: 7)
        var counts = (read: 0, refused: 0)
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...90, using: &generator)
            var forged = (0..<count).map { _ in
                generator.oneIn(3) ? UInt8.random(in: .min ... .max, using: &generator) : 0
            }
            let layout = UInt8(Int.random(in: 1...2, using: &generator))
            let headerSize = layout == 1 ? 32 : 40
            if count > 3 { forged[0...3] = [layout, 1, 1, UInt8.random(in: 0...3, using: &generator)] }
            // Now and then a record of one stream and no other parts, so that some are good.
            if count > 58, generator.oneIn(4) {
                forged[3] = 1
                for index in [4, 5, 6, 7, headerSize + 8] + Array((headerSize - 8)..<headerSize) { forged[index] = 0 }
                forged[headerSize + 9] = UInt8(count - headerSize - 10 - (generator.oneIn(2) ? 0 : 1))
            }
            if isRead(signed(forged)) { counts.read += 1 } else { counts.refused += 1 }
        }
        #expect(counts.read > 100)
        #expect(counts.refused > 10_000)
    }

    @Test(arguments: [0, 401, 65_535]) func `A stream name of an impossible length is damage`(count: Int) {
        let name = [UInt8](repeating: 0x61, count: count)
        let record =
            header(streams: 1, command: 0) + ReferenceRecord.bigEndian(1, 8)
            + ReferenceRecord.bigEndian(UInt64(count), 2) + name
        #expect(damage { try look(1, signed(record)) } != nil)
    }

    @Test(arguments: [1, 8, 24, 280]) func `A command of an impossible length is damage`(count: Int) {
        let record =
            header(streams: 1, command: UInt64(count)) + ReferenceRecord.bigEndian(1, 8) + [0, 1, 0x61]
            + [UInt8](repeating: 0, count: count)
        #expect(damage { try look(1, signed(record)) } != nil)
    }

    private func header(streams: UInt8, command: UInt64) -> [UInt8] {
        [2, 1, 1, streams] + ReferenceRecord.bigEndian(command, 2) + [UInt8](repeating: 0, count: 34)
    }

    /// Adds the checksum that a record at position 1 with that content has.
    private func signed(_ content: [UInt8]) -> [UInt8] {
        ReferenceRecord.signed(content, at: 1)
    }

    /// Whether bytes are a record at position 1; what is not one must be refused as damage there.
    private func isRead(_ bytes: [UInt8]) -> Bool {
        do {
            try look(1, bytes)
            return true
        } catch {
            #expect((error as? LogCorruption)?.position == 1)
            return false
        }
    }

    /// Touches everything that a record shows.
    private func look(_ position: Position, _ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { bytes in
            let record = try RecordView(position: position, bytes)
            let personal =
                switch record.personal {
                case .none: 0
                case .plain(let bytes): bytes.count
                case .sealed(let part): part.bytes.count
                }
            let sizes = record.payload.count + personal
            let streams = record.streams.reduce(0) { $0 + $1.name.bytes.count }
            let command = record.idempotency.map { 24 + $0.key.count } ?? 0
            #expect(sizes + streams + command + 10 * record.streams.count + (bytes[0] == 1 ? 36 : 44) == bytes.count)
        }
    }
}
