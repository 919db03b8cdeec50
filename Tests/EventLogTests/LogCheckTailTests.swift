import Foundation
import Journal
import TestSupport
import Testing

@testable import EventLog

/// What a check finds in the frames that the tables do not hold yet.
@Suite struct LogCheckTailTests {
    @Test(arguments: 0..<8) func `Tables and frames that are whole are sound as one log`(seed: UInt64) throws {
        let whole = try LogContents(ofHistory: seed, proposals: 120)
        try whole.withTail(seed: seed) { log in
            let report = try check(log.directory)
            #expect(report.findings == [])
            #expect(report.isSound)
            #expect(report.head == whole.head)
            #expect(report.chain == whole.chain.hash)
            #expect(report.events == whole.records.count)
            let rows = try whole.records.enumerated().map { index, record in
                try record.withUnsafeBytes {
                    try Set(RecordView(position: Position(index + 1), $0).streams.map(\.name))
                }
            }
            #expect(report.streams == rows.reduce(into: Set()) { $0.formUnion($1) }.count)
            let keys = try whole.records.enumerated().count { index, record in
                try record.withUnsafeBytes { try RecordView(position: Position(index + 1), $0).idempotency != nil }
            }
            #expect(report.commands == whole.answers.count + keys)
        }
    }

    @Test func `A value of the chain is found wherever it is`() throws {
        let whole = try LogContents(ofHistory: 4, proposals: 40)
        var hash = ChainHash(identity: whole.identity)
        var values = [hash]
        for record in whole.records {
            record.withUnsafeBytes { hash.append($0) }
            values.append(hash)
        }
        try whole.withTail(seed: 4) { log in
            #expect(log.stored.position > 2 && log.stored.position + 2 < whole.head.position)
            for (position, value) in values.enumerated() {
                let report = try check(log.directory, expecting: value)
                #expect(report.isSound)
                #expect(report.expectedChainPosition == Position(position))
            }
            #expect(try check(log.directory, expecting: ChainHash(identity: [])).expectedChainPosition == nil)
        }
    }

    @Test func `A time that goes back and a version that is skipped or comes again are found`() throws {
        try withTail { log in
            try log.append([record(4, ["a": 3], time: 9), record(5, ["b": 3, "c": 1], time: 20)])
            try log.append([record(6, ["a": 3], time: 20), record(7, ["c": 2, "d": 1], time: 19)])
            let report = try check(log.directory)
            #expect(
                report.findings == [
                    .time(4, time: 9, previous: 10), .version(5, stream: StreamName("b"), expected: 2, found: 3),
                    .version(6, stream: StreamName("a"), expected: 4, found: 3),
                    .time(7, time: 19, previous: 20),
                ])
            #expect(report.streams == 4)
            #expect(report.events == 7)
        }
    }

    @Test func `A record that is none is one finding whatever follows from it`() throws {
        try withTail { log in
            var damaged = record(4, ["a": 3], time: 20)
            damaged[12] ^= 1
            try log.append([damaged, record(5, ["a": 4], time: 20)])
            let report = try check(log.directory)
            #expect(report.findings == [.record(4, problem: "the record's checksum is wrong; restore a backup")])
            #expect(report.events == 4)
        }
    }

    @Test func `A command that comes again is found`() throws {
        let answer = LogContents.Answer(.key("n"), answer: Array("no".utf8))
        // In the tables are the event of "k" and the answer to "n".
        for again in ["k", "n"] {
            try withTail { log in
                try log.append([record(4, ["a": 3], time: 20, .key(again))])
                #expect(try check(log.directory).findings == [.commandAgain(4, actor: 1, key: again)])
            }
        }
        try withTail { log in
            try log.append([record(4, ["a": 3], time: 20, .key("x")), record(5, ["a": 4], time: 20)])
            try log.append([record(6, ["a": 5], time: 20, .key("x"))], [LogContents.Answer(.key("x"), answer: [])])
            // Once more after it was applied, but not where it may be: it has been there before.
            try log.append([], [answer])
            try log.append([], [LogContents.Answer(.key("k"), answer: [])])
            #expect(
                try check(log.directory).findings == [
                    .commandAgain(6, actor: 1, key: "x"), .commandAgain(6, actor: 1, key: "x"),
                    .commandAgain(6, actor: 1, key: "n"), .commandAgain(6, actor: 1, key: "k"),
                ])
        }
        // The answer that the tables hold may come again where they end; another answer may not.
        try withTail { log in
            try log.append([], [answer])
            let report = try check(log.directory)
            #expect(report.isSound)
            #expect(report.commands == 2)
            try log.append([], [LogContents.Answer(.key("n"), answer: Array("yes".utf8))])
            #expect(try check(log.directory).findings == [.commandAgain(3, actor: 1, key: "n")])
        }
    }

    @Test func `An answer that is none is found`() throws {
        try withTail { log in
            var short = LogContents.Answer(.key("y"), answer: [])
            short.value.removeLast()
            try log.append([], [short, LogContents.Answer(.key("z"), answer: [], position: 2)])
            #expect(
                try check(log.directory).findings == [
                    .answer(after: 3, problem: "a row of the commands table has 9 and 23 bytes; restore a backup"),
                    .answer(after: 3, problem: "it names an event"),
                ])
        }
    }

    @Test func `A chain that breaks in a frame is found`() throws {
        try withTail { log in
            try log.append([record(4, ["a": 3], time: 20)])
            try log.append([record(5, ["a": 4], time: 20)], chain: ChainHash(identity: []))
            try log.append([record(6, ["a": 5], time: 20)])
            try log.note(6)
            let owner = try HeadFile(path: log.directory + "/head")
            let report = try check(log.directory)
            #expect(report.findings == [.chain(5...5)])
            #expect(report.chain == nil)
            withExtendedLifetime(owner) {}
        }
        try withTail { log in
            try log.append([record(4, ["a": 3], time: 20)], chain: ChainHash(identity: []))
            let report = try check(log.directory)
            #expect(report.findings.map { "\($0)".contains("the hash chain of frame 1") } == [true])
            #expect(report.head.position == 3)
            #expect(report.chain != nil)
            #expect(damage { _ = try LogReader(directory: log.directory) } != nil)
        }
    }

    @Test func `Tables are checked beside a damaged journal`() throws {
        try withTail { log in
            try log.append([record(4, ["a": 3], time: 20)])
            try log.beginSegment()
            try FileManager.default.removeItem(atPath: try log.segments()[0])
            try log.note(4)
            try withEnvironment(log.directory) { environment in
                var row = try #require(try environment.value("streams", Array("b".utf8)))
                row[7] = 9
                try environment.put("streams", Array("b".utf8), row)
            }
            let findings = try check(log.directory).findings
            #expect(findings.count == 2)
            #expect("\(try #require(findings.first))".contains("begins after position 4, but the log ends at 3"))
            guard case .streamHead(StreamName("b"), _, _) = findings.last else {
                Issue.record("\(findings)")
                return
            }
        }
    }

    @Test func `A head file that leads over the frames is found`() throws {
        try withTail { log in
            try log.append([record(4, ["a": 3], time: 20)])
            let report = try withReader(log.directory) { reader in
                try log.note(5)
                return try LogCheck.run(reader, scratch: log.directory)
            }
            #expect(report.findings == [.headFile(noted: 5, head: 4)])
        }
    }

    /// Lends a log of three events and one answer in its tables, all at the time 10, and an empty journal.
    private func withTail(_ body: (LogWithTail) throws -> Void) throws {
        let stored = try withTemporaryDirectory { path in
            try withLMDBLog(path) { log in
                try log.append(.of("a"), time: 10, .key("k"))
                try log.append(.of("a"), time: 10)
                try log.append(.of("b"), time: 10)
                _ = try log.propose(.key("n")) { _ in .nothing(answer: Array("no".utf8)) }
            }
            return try withReader(path) { try LogContents($0) }
        }
        try withTemporaryDirectory { path in
            try body(LogWithTail(path, stored, storing: 3, answers: stored.answers))
        }
    }

    private func record(
        _ position: Position, _ versions: KeyValuePairs<String, Version>, time: Int64, _ key: Idempotency? = nil
    ) -> [UInt8] {
        ReferenceRecord.bytes(
            .of(versions.map { ($0.key, nil) }), versions: versions.map(\.value), position: position, time: time,
            idempotency: key)
    }
}
