import EventLog
import Foundation
import LMDB
import TestSupport
import Testing

/// What a check finds in logs that are whole, and in logs whose rows were changed one by one.
@Suite struct LogCheckTests {
    @Test(arguments: 0..<12) func `A whole log is sound`(seed: UInt64) throws {
        try withTemporaryDirectory { path in
            try RandomHistory(seed: seed).write(path, proposals: seed == 0 ? 4_000 : 150)
            let report = try check(path)
            let (head, chain) = try withReader(path) { (try $0.head, try $0.chainHead) }
            #expect(report.findings.isEmpty)
            #expect(report.isSound)
            #expect(report.head == head)
            #expect(report.chain == chain.hash)
            #expect(report.events == Int(head.position))
            #expect(report.streams == 40)
            let rows = try allRows(path)
            #expect(report.commands == rows.keys.count { $0.hasPrefix("commands") })
        }
    }

    @Test func `An empty log is sound`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { _ in }
            let report = try check(path)
            #expect(report.isSound)
            #expect(try report.chain == withReader(path) { try $0.chainHead.hash })
        }
    }

    @Test func `A log of several milestones is sound and tells how far it is`() throws {
        try withTemporaryDirectory { path in
            try LogByRows.write(path, ofEvents: 2 * ChainHash.milestone + 9)
            try withLMDBLog(path) { _ in }
            var stages: [LogCheckProgress.Stage] = []
            let report = try withReader(path) { reader in
                try LogCheck.run(reader, scratch: FileManager.default.temporaryDirectory.path()) { progress in
                    #expect(0...progress.total ~= progress.done)
                    if stages.last != progress.stage { stages.append(progress.stage) }
                }
            }
            #expect(report.isSound)
            #expect(stages == LogCheckProgress.Stage.allCases)
        }
    }

    @Test func `Every flipped bit of a record is found`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { log in
                try GoldenVectors.append(to: log)
                try log.append(.of("post/2", read: 1))
            }
            for position in [Position(1), 2] {
                let record = try withEnvironment(path) { try $0.record(position) }
                for bit in 0..<(record.count * 8) {
                    var changed = record
                    changed[bit / 8] ^= 1 << (bit % 8)
                    try withEnvironment(path) { try $0.put(changed, at: position) }
                    let report = try check(path)
                    #expect(report.findings.count == 1, "position \(position), bit \(bit): \(report.findings)")
                    guard case .record(position, _) = report.findings.first else {
                        Issue.record("position \(position), bit \(bit): \(report.findings)")
                        return
                    }
                    #expect(report.chain == nil)
                }
                try withEnvironment(path) { try $0.put(record, at: position) }
            }
            #expect(try check(path).isSound)
        }
    }

    @Test func `Every flipped bit under a checksum that was made good is found`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { log in
                try GoldenVectors.append(to: log)
                try log.append(.of("post/2", read: 1))
            }
            let record = try withEnvironment(path) { try $0.record(2) }
            for bit in 0..<((record.count - 4) * 8) {
                var changed = record
                changed[bit / 8] ^= 1 << (bit % 8)
                try withEnvironment(path) { try $0.put(signed(changed, at: 2), at: 2) }
                let report = try check(path)
                // A layout that is none is a finding of its own; every other change breaks the chain.
                let isFound = report.findings.contains { finding in
                    if case .record(2, _) = finding { true } else { finding == .chain(1...3) }
                }
                #expect(isFound, "bit \(bit): \(report.findings)")
            }
        }
    }

    @Test func `Records that were swapped and made good break the chain`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { log in
                for index in 0..<9 { try log.append(.of("s\(index)"), time: 77) }
            }
            // Two streams of one event each: only the rows of the streams have to be made good too.
            try withEnvironment(path) { environment in
                let (third, fourth) = (try environment.record(3), try environment.record(4))
                try environment.put(signed(fourth, at: 3), at: 3)
                try environment.put(signed(third, at: 4), at: 4)
                for (stream, position) in [("s2", Position(4)), ("s3", 3)] {
                    let row = ReferenceRecord.bigEndian(1, 8) + ReferenceRecord.bigEndian(position, 8)
                    try environment.put("streams", Array(stream.utf8), row + [1, 0, 0, 0, 0, 0, 0, 0])
                }
            }
            #expect(try check(path).findings == [.chain(1...9)])
        }
    }

    /// Whoever removes the tail and makes everything good leaves a sound log; only a value from elsewhere tells.
    @Test func `A tail that was removed is found by a value from elsewhere`() throws {
        try withTemporaryDirectory { path in
            var values: [ChainHash] = []
            let identity = try withLMDBLog(path) { log in
                values.append(try log.chainHead.hash)
                for _ in 0..<8 {
                    try log.append(.of("a"))
                    values.append(try log.chainHead.hash)
                }
                return log.identity
            }
            for (position, value) in values.enumerated() {
                #expect(try check(path, expecting: value).expectedChainPosition == Position(position))
            }
            try withTemporaryDirectory { shorter in
                try withReader(path) { reader in
                    let log = try RestoredLog(directory: shorter, identity: identity, mapSize: 1 << 28)
                    _ = try reader.read(after: 0, limit: 6) { try log.append($0) }
                    try log.finish()
                }
                let report = try check(shorter, expecting: values[8])
                #expect(report.isSound)
                #expect(report.expectedChainPosition == nil)
                #expect(report.chain == values[6])
            }
        }
    }

    @Test func `A missing record is one finding whatever follows from it`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { log in
                for index in 0..<30 { try log.append(.of("s\(index % 4)"), .key("\(index)")) }
            }
            let file = try DataFile(path)
            for range in [1...1, 7...7, 5...12, 2...29] as [ClosedRange<Position>] {
                try withEnvironment(path) { environment in
                    for position in range { try environment.delete("events", ReferenceRecord.bigEndian(position, 8)) }
                }
                let report = try check(path)
                #expect(report.findings == [.missing(range)])
                #expect(report.chain == nil)
                try file.restore()
            }
        }
    }

    @Test func `A time that goes back and a version that is skipped are found`() throws {
        func record(_ position: Position, _ version: Version, time: Int64) -> [UInt8] {
            ReferenceRecord.bytes(
                .of("a"), versions: [version], position: position, time: time, idempotency: nil)
        }
        try withTemporaryDirectory { path in
            try LogByRows.write(path, ofEvents: 5)
            try withEnvironment(path) { environment in
                try environment.put(record(3, 3, time: 1), at: 3)
                try environment.put(record(4, 6, time: 4), at: 4)
                try environment.put(record(5, 7, time: 5), at: 5)
            }
            #expect(
                try check(path).findings == [
                    .time(3, time: 1, previous: 2), .chain(1...5),
                    .version(4, stream: StreamName("a"), expected: 4, found: 6),
                    .streamHead(
                        StreamName("a"), stored: StreamHead(version: 5, position: 5, type: 1),
                        expected: StreamHead(version: 7, position: 5, type: 1)),
                ])
        }
    }

    @Test func `What the check finds can be read`() throws {
        let findings: [LogFinding] = [
            .record(3, problem: "the record's checksum is wrong; restore a backup"),
            .missing(4...9), .missing(4...4),
            .streamHead(StreamName("post/2"), stored: nil, expected: StreamHead(version: 1, position: 2, type: 7)),
            .command(2, actor: 1, key: "k-1"), .chain(1...65_536),
        ]
        let advice = "restore a backup, or back this log up and restore that, which makes it anew"
        #expect(
            findings.map(\.description) == [
                "position 3: the record's checksum is wrong; restore a backup",
                "positions 4 to 9: missing; restore a backup",
                "position 4: missing; restore a backup",
                "stream post/2: its row names nothing, expected version 1 at position 2 of type 7; \(advice)",
                "position 2: its command, idempotency key \"k-1\" of account 1, is not remembered as it was; \(advice)",
                "positions 1 to 65536: the hash chain breaks: a record was changed, removed or moved, and its checksum "
                    + "made good; restore a backup",
            ])
    }
}
