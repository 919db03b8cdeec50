import Foundation
import Journal
import TestSupport
import Testing

@testable import EventLog

/// Reading a log whose newest part stands in the journal alone.
@Suite struct LogReaderTailTests {
    @Test(arguments: 0..<12) func `Where nobody writes, tables and frames are one log`(seed: UInt64) throws {
        let whole = try LogContents(ofHistory: seed, proposals: 150)
        try whole.withTail(seed: seed) { log in
            try withReader(log.directory) { reader in
                #expect(try LogContents(reader) == whole)
                #expect(try reader.head == whole.head)
                #expect(try reader.chainHead == whole.chain)
                #expect(try reader.recomputedChain() == whole.chain)
                let count = whole.records.count
                for (index, record) in whole.records.enumerated() {
                    #expect(try reader.withRecord(at: Position(index + 1)) { Array($0.bytes) } == record)
                    #expect(
                        try reader.records(after: Position(index), limit: 7) == Array(whole.records[index...].prefix(7))
                    )
                }
                #expect(try reader.withRecord(at: 0) { _ in } == nil)
                #expect(try reader.withRecord(at: whole.head.position + 1) { _ in } == nil)
                #expect(try reader.withRecord(at: .max) { _ in } == nil)
                #expect(try reader.records(after: whole.head.position, limit: 1).isEmpty)
                #expect(try reader.records(after: .max).isEmpty)
                var generator = SplitMix64(seed: seed)
                let positions = (0..<50).map { _ in Position.random(in: 1...Position(count), using: &generator) }
                var found: [[UInt8]] = []
                try reader.withRecords(at: positions) { found.append(Array($0.bytes)) }
                #expect(found == positions.map { whole.records[Int($0) - 1] })
                #expect(
                    damage { try reader.withRecords(at: [1, Position(count + 1)]) { _ in } }?.position
                        == Position(count + 1))
                #expect(try reader.newest(atOrBefore: .max) == whole.head.position)
            }
        }
    }

    @Test(arguments: 0..<6) func `Beside a writer, a reader shows what the head file names and nothing beyond`(
        seed: UInt64
    ) throws {
        let whole = try LogContents(ofHistory: seed, proposals: 100)
        try whole.withTail(seed: seed) { log in
            let owner = try HeadFile(path: log.directory + "/head")
            try withReader(log.directory) { reader in
                for end in [log.stored.position] + log.frameEnds {
                    owner.write(end)
                    for _ in 0..<2 {
                        #expect(try reader.head.position == end)
                        #expect(try reader.records() == Array(whole.records.prefix(Int(end))))
                        #expect(try reader.withRecord(at: end + 1) { _ in } == nil)
                        #expect(try reader.chainHead == reader.recomputedChain())
                        #expect(try withReader(log.directory) { try $0.head.position } == end)
                    }
                    let snapshot = try LogContents(reader)
                    #expect(snapshot.head.position == end)
                    #expect(snapshot.records.count == Int(end))
                }
                #expect(try LogContents(reader) == whole)
            }
            withExtendedLifetime(owner) {}
        }
    }

    /// The state can change while a reader lives.
    @Test func `A reader asks each time whether somebody writes`() throws {
        let whole = try LogContents(ofHistory: 3, proposals: 60)
        try whole.withTail(seed: 1) { log in
            try withReader(log.directory) { reader in
                #expect(try reader.head == whole.head)
                do {
                    let owner = try HeadFile(path: log.directory + "/head")
                    #expect(try reader.head.position == log.stored.position)
                    owner.write(log.frameEnds[0])
                    #expect(try reader.head.position == log.frameEnds[0])
                }
                #expect(try LogContents(reader) == whole)
            }
        }
    }

    @Test func `What is durable already is read without the journal`() throws {
        let whole = try LogContents(ofHistory: 5, proposals: 60)
        try whole.withTail(seed: 5) { log in
            let last = log.stored.position
            #expect(last > 0 && last < whole.head.position)
            try withReader(log.directory) { reader in
                // A journal that cannot be opened.
                let journal = log.directory + "/journal"
                try FileManager.default.removeItem(atPath: journal)
                try Data().write(to: URL(filePath: journal))
                #expect(try reader.records(limit: Int(last)) == Array(whole.records.prefix(Int(last))))
                #expect(try reader.withRecord(at: last) { $0.position } == last)
                try reader.withRecords(at: [last, 1]) { _ in }
                #expect(throws: (any Error).self) { _ = try reader.records(limit: Int(last) + 1) }
                #expect(throws: (any Error).self) { _ = try reader.head }
            }
        }
    }

    @Test func `A log without a journal is its tables`() throws {
        try withLogOfThree { path in
            for directory in [nil, path + "/journal"] {
                if let directory {
                    try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
                }
                #expect(try withReader(path) { try LogContents($0).records.count } == 3)
                let owner = try HeadFile(path: path + "/head")
                #expect(try withReader(path) { try LogContents($0).records.count } == 3)
                withExtendedLifetime(owner) {}
            }
        }
    }

    @Test(arguments: [false, true]) func `A head file beyond tables and journal is refused`(isOwned: Bool) throws {
        let whole = try LogContents(ofHistory: 7, proposals: 40)
        try whole.withTail(seed: 7) { log in
            try log.note(whole.head.position + 1)
            let owner = isOwned ? try HeadFile(path: log.directory + "/head") : nil
            let found = damage { _ = try LogReader(directory: log.directory) }
            #expect(
                found?.description.hasPrefix(
                    "the log is damaged: it ends at position \(whole.head.position), but \(log.directory)/head names "
                        + "\(whole.head.position + 1) as durable: events are missing. Restore a backup") == true,
                "\(String(describing: found))")
            withExtendedLifetime(owner) {}
        }
    }

    @Test func `A damaged journal is refused in the words of its owner`() throws {
        let whole = try LogContents(ofHistory: 8, proposals: 60)
        try whole.withTail(seed: 2) { log in
            let segment = try #require(try log.segments().first)
            let file = try FileHandle(forUpdating: URL(filePath: segment))
            try file.seek(toOffset: 4096 + 90)
            let byte = try #require(try file.read(upToCount: 1)?.first)
            try file.seek(toOffset: 4096 + 90)
            try file.write(contentsOf: [byte ^ 1])
            try file.close()
            let found = damage { _ = try LogReader(directory: log.directory) }
            let words = "\(try #require(throws: JournalError.self) { try log.open() })"
            #expect(found?.problem == words)
            // Its owner is at work and said that this frame is durable.
            try log.note(log.frameEnds.last!)
            let owner = try HeadFile(path: log.directory + "/head")
            #expect(
                damage { _ = try LogReader(directory: log.directory) }?.problem.contains("events are missing") == true)
            withExtendedLifetime(owner) {}
        }
    }

    @Test(arguments: [false, true]) func `The journal of another log is refused`(isOwned: Bool) throws {
        let whole = try LogContents(ofHistory: 9, proposals: 40)
        var other = whole
        other.identity = LogByRows.identity
        try whole.withTail(seed: 1) { log in
            try other.withTail(seed: 1) { other in
                let owner = isOwned ? try HeadFile(path: log.directory + "/head") : nil
                owner?.write(log.frameEnds.last!)
                try FileManager.default.removeItem(atPath: log.directory + "/journal")
                try FileManager.default.moveItem(
                    atPath: other.directory + "/journal", toPath: log.directory + "/journal")
                let found = damage { _ = try LogReader(directory: log.directory) }
                #expect(found?.problem.contains("put back the journal of this log") == true)
                withExtendedLifetime(owner) {}
            }
        }
    }

    /// Frames of answers alone have no position: those where the tables end may have been applied or not.
    @Test(arguments: [false, true], [0, 2, .max])
    func `An answer is lent once, whether tables and a frame hold it or one`(
        isOwned: Bool, stored: Int
    ) throws {
        let whole = try LogContents(ofHistory: 10, proposals: 80)
        #expect(whole.answers.count > 3)
        try withTemporaryDirectory { path in
            let log = try LogWithTail(
                path, whole, storing: whole.head.position, answers: Array(whole.answers.prefix(stored)))
            for answer in whole.answers.reversed() { try log.append([], [answer]) }
            let owner = isOwned ? try HeadFile(path: path + "/head") : nil
            #expect(try withReader(path) { try LogContents($0) } == whole)
            #expect(try check(path).isSound)
            withExtendedLifetime(owner) {}
        }
    }

    @Test func `Who writes a log holds its head file until it dies`() throws {
        try withTemporaryDirectory { path in
            let writer = try LogWriterProcess(path)
            _ = try #require(writer.nextPosition())
            let file = try HeadFile(path: path + "/head", readOnly: true)
            #expect(file.isHeld)
            let reader = try LogWriterProcess(path, holds: true)
            _ = try #require(reader.nextPosition())
            #expect(writer.kill().wasKilled)
            #expect(!file.isHeld)
            #expect(reader.kill().wasKilled)
        }
    }
}
