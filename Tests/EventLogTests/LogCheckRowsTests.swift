import EventLog
import Foundation
import LMDB
import TestSupport
import Testing

/// What a check finds in the tables beside the records.
@Suite struct LogCheckRowsTests {
    private let stream = StreamName("account/1")
    private let head = StreamHead(version: 2, position: 2, type: 7)
    private let commandKey = bytes("00 00 00 00 00 00 00 01  6b 2d 31")

    @Test func `Every flipped bit of a stream's row is found`() throws {
        try withGoldenLog { path in
            let row = try withEnvironment(path) { try $0.value("streams", stream.bytes)! }
            for bit in 0..<(row.count * 8) {
                var changed = row
                changed[bit / 8] ^= 1 << (bit % 8)
                try withEnvironment(path) { try $0.put("streams", stream.bytes, changed) }
                let findings = try check(path).findings
                #expect(findings.count == 1, "bit \(bit)")
                guard case .streamHead(stream, _, head) = findings.first else {
                    Issue.record("bit \(bit): \(findings)")
                    return
                }
            }
        }
    }

    @Test func `A missing and an extra row of a stream are found`() throws {
        try withGoldenLog { path in
            try withEnvironment(path) { try $0.delete("streams", stream.bytes) }
            #expect(try check(path).findings == [.streamHead(stream, stored: nil, expected: head)])
        }
        try withGoldenLog { path in
            let row = ReferenceRecord.bigEndian(1, 8) + ReferenceRecord.bigEndian(2, 8) + [7, 0, 0, 0, 0, 0, 0, 0]
            try withEnvironment(path) { try $0.put("streams", Array("account/2".utf8), row) }
            #expect(
                try check(path).findings == [
                    .streamHead(
                        StreamName("account/2"), stored: StreamHead(version: 1, position: 2, type: 7), expected: nil)
                ])
        }
    }

    @Test func `Every flipped bit of a command's row is found`() throws {
        try withGoldenLog { path in
            let row = try withEnvironment(path) { try $0.value("commands", commandKey)! }
            for bit in 0..<(row.count * 8) {
                var changed = row
                changed[bit / 8] ^= 1 << (bit % 8)
                try withEnvironment(path) { try $0.put("commands", commandKey, changed) }
                let findings = try check(path).findings
                #expect(findings.first == .command(2, actor: 1, key: "k-1"), "bit \(bit)")
            }
        }
    }

    @Test func `A missing, an extra and an altered command are found`() throws {
        try withGoldenLog { path in
            try withEnvironment(path) { try $0.delete("commands", commandKey) }
            #expect(try check(path).findings == [.command(2, actor: 1, key: "k-1")])
        }
        // Of an event that came of another command, of one that is not there, and longer than it should be.
        for (position, tail, count) in [(Position(1), [UInt8](), 1), (9, [], 1), (2, [1], 1)] {
            try withGoldenLog { path in
                let row = [UInt8](repeating: 3, count: 16) + ReferenceRecord.bigEndian(position, 8) + tail
                try withEnvironment(path) { try $0.put("commands", commandKey.dropLast() + [0x39], row) }
                #expect(try check(path).findings == [.strayCommand(position, actor: 1, key: "k-9")])
                #expect(count == 1)
            }
        }
        try withGoldenLog { path in
            try withEnvironment(path) { try $0.put("commands", commandKey.dropLast() + [0x39], [1, 2, 3]) }
            #expect(
                try check(path).findings == [
                    .table("commands", problem: "a row of the commands table has 11 and 3 bytes; restore a backup")
                ])
        }
    }

    @Test func `Values of the chain that are missing, wrong or too many are found`() throws {
        try withTemporaryDirectory { path in
            try LogByRows.write(path, ofEvents: 2 * ChainHash.milestone + 9)
            try withLMDBLog(path) { _ in }
            // Its journal knows the newest value, too.
            try FileManager.default.removeItem(atPath: path + "/journal")
            let file = try DataFile(path)
            func findings(_ change: (Environment) throws -> Void) throws -> [LogFinding] {
                try withEnvironment(path) { try change($0) }
                defer { try? file.restore() }
                return try check(path).findings
            }
            let milestone = ChainHash.milestone
            let key = ReferenceRecord.bigEndian(milestone, 8)
            let wrong = [UInt8](repeating: 9, count: 32)
            #expect(
                try findings { try $0.put("chain", key, wrong) } == [
                    .chain(1...milestone), .chain((milestone + 1)...(2 * milestone)),
                ])
            #expect(
                try findings { try $0.delete("chain", key) }
                    == [.chainValue(milestone, problem: "is missing or has another size")])
            #expect(
                try findings { try $0.put("chain", key, [1]) }
                    == [.chainValue(milestone, problem: "is missing or has another size")])
            #expect(
                try findings { try $0.put("chain", ReferenceRecord.bigEndian(milestone + 5, 8), wrong) }
                    == [.chainValue(milestone + 5, problem: "is one that is not kept")])
            #expect(
                try findings { try $0.put("chain", ReferenceRecord.bigEndian(2 * milestone + 9, 8), wrong) }
                    == [.chain((2 * milestone + 1)...(2 * milestone + 9))])
            #expect(
                try findings { try $0.put("chain", ReferenceRecord.bigEndian(3 * milestone, 8), wrong) }
                    == [.chainValue(3 * milestone, problem: "is one that is not kept")])
            #expect(try findings { _ in } == [])
        }
    }

    @Test func `A head file that leads is found`() throws {
        try withGoldenLog { path in
            let report = try withReader(path) { reader in
                try "3".write(toFile: path + "/head", atomically: false, encoding: .utf8)
                return try LogCheck.run(reader, scratch: path)
            }
            #expect(report.findings == [.headFile(noted: 3, head: 2)])
        }
    }

    @Test func `A check ends with too many findings`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { log in
                for _ in 0..<40 { try log.append(.of("a")) }
            }
            try withEnvironment(path) { environment in
                for position in Position(1)...39 { try environment.put([1, 2], at: position) }
            }
            let all = try check(path)
            #expect(all.findings.count == 39)
            #expect(all.isComplete)
            let some = try check(path, findingsLimit: 7)
            #expect(some.findings.count == 7)
            #expect(!some.isComplete)
            #expect(!some.isSound)
        }
    }

    /// A log that another process goes on writing is sound at every moment.
    @Test func `A log that is being written is sound`() throws {
        try withTemporaryDirectory { path in
            let writer = try LogWriterProcess(path)
            _ = try #require(writer.nextPosition())
            try withReader(path) { reader in
                var last: Position = 0
                for _ in 0..<10 {
                    let report = try LogCheck.run(reader, scratch: path)
                    #expect(report.isSound, "\(report.findings)")
                    #expect(report.head.position >= last)
                    last = report.head.position
                    while let position = writer.nextPosition(), position < last + 20 {}
                }
            }
            #expect(writer.kill().wasKilled)
        }
    }

    private func withGoldenLog(_ body: (String) throws -> Void) throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { try GoldenVectors.append(to: $0) }
            try body(path)
        }
    }
}
