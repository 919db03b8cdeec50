import EventLog
import Foundation
import Journal
import TestSupport
import Testing
import Threads

/// Reading while another process writes, applies, forgets, and is killed.
@Suite struct LogReaderBesideWriterTests {
    /// The writer begins a segment every few milliseconds, and forgets some ten times a second.
    @Test func `Whoever opens a log sees all that was acknowledged before`() throws {
        try withTemporaryDirectory { path in
            let writer = try Acknowledged(path)
            _ = writer.wait(for: 1)
            var openings = 0
            var shown: [[UInt8]] = []
            while writer.newest < 40_000, openings < 5_000 {
                openings += 1
                let acknowledged = writer.newest
                try withReader(path) { reader in
                    let head = try reader.head.position
                    #expect(head >= acknowledged)
                    // What was shown once is shown for ever.
                    let start = Position(max(shown.count, 50) - 50)
                    let records = try reader.records(after: start, limit: 100)
                    #expect(records.count >= min(100, Int(head - start)))
                    let known = shown.dropFirst(Int(start))
                    #expect(zip(records, known).allSatisfy { $0 == $1 })
                    shown += records.dropFirst(known.count)
                }
            }
            #expect(openings > 20)
            #expect(writer.kill())
            #expect(try check(path).isSound)
        }
    }

    @Test func `A reader that stays sees through kills and openings`() throws {
        var generator = SplitMix64(seed: 4)
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { _ in }
            try withReader(path) { reader in
                var shown: [[UInt8]] = []
                for round in 0..<6 {
                    let writer = try Acknowledged(path)
                    let wanted = Position(shown.count) + Position.random(in: 1...1_500, using: &generator)
                    while writer.newest < wanted {
                        let acknowledged = writer.newest
                        #expect(try reader.head.position >= acknowledged)
                        let more = try reader.records(after: Position(shown.count), limit: 500)
                        shown += more
                        if more.isEmpty { _ = writer.wait(for: Position(shown.count) + 1) }
                    }
                    #expect(writer.kill())
                    // Nobody writes now: everything that an opening would find.
                    #expect(try reader.head.position >= writer.newest)
                    let contents = try LogContents(reader)
                    #expect(contents.records.starts(with: shown), "round \(round)")
                    shown = contents.records
                    #expect(try reader.recomputedChain() == reader.chainHead)
                }
            }
            // What the last one left, as its owner finds it.
            let left = try withReader(path) { try LogContents($0) }
            #expect(try withLMDBLog(path) { try $0.records() } == left.records)
            #expect(try withReader(path) { try LogContents($0) } == left)
        }
    }

    @Test func `An answer without an event is shown once it was told`() throws {
        try withTemporaryDirectory { path in
            let writer = try Acknowledged(path, "answers")
            _ = writer.wait(for: 1)
            for _ in 0..<60 {
                let acknowledged = writer.newest
                _ = try withReader(path) { reader in
                    try expectAll(through: acknowledged, LogContents(reader))
                }
                _ = writer.wait(for: acknowledged + 20)
            }
            #expect(writer.kill())
            let left = try withReader(path) { try LogContents($0) }
            expectAll(through: writer.newest, left)
            #expect(try check(path).isSound)
            try withLMDBLog(path) { _ in }
            #expect(try withReader(path) { try LogContents($0) } == left)
        }
    }

    @Test func `A log is sound while it is being written`() throws {
        try withTemporaryDirectory { path in
            let writer = try Acknowledged(path, "answers")
            for round in Position(0)..<12 {
                let acknowledged = writer.wait(for: 1 + round * 200)
                let report = try check(path)
                #expect(report.isSound, "\(report.findings)")
                #expect(report.events + report.commands >= Int(acknowledged))
                #expect(report.chain != nil)
            }
            #expect(writer.kill())
        }
    }

    /// Each command has a key of its own, and came to an event or to an answer.
    private func expectAll(through last: Position, _ contents: LogContents) {
        var keys: Set<[UInt8]> = []
        for answer in contents.answers { #expect(keys.insert(Array(answer.key.dropFirst(8))).inserted) }
        for (index, record) in contents.records.enumerated() {
            record.withUnsafeBytes { bytes in
                let key = (try? RecordView(position: Position(index + 1), bytes))?.idempotency?.key
                if let key { #expect(keys.insert(key).inserted) }
            }
        }
        #expect((0...last).dropFirst().allSatisfy { keys.contains(Array("\($0)".utf8)) })
    }
}

/// A process that writes a log, with a thread that takes what it acknowledges, so that it never waits for a test.
private final class Acknowledged {
    private let writer: LogWriterProcess
    private let watermark: Watermark
    private let thread: OwnedThread

    init(_ directory: String, _ mode: String? = nil) throws {
        let watermark = Watermark(0)
        // The thread alone takes what it tells, until it has ended.
        nonisolated(unsafe) let writer = try LogWriterProcess(directory, mode: mode)
        self.writer = writer
        self.watermark = watermark
        thread = OwnedThread(name: "acknowledged") {
            while let position = writer.nextPosition() { watermark.advance(to: position) }
            watermark.close()
        }
    }

    deinit { _ = kill() }

    /// The newest number that it told.
    var newest: Position { watermark.value }

    /// Waits until it has told a number, or died.
    func wait(for position: Position) -> Position { watermark.wait(beyond: position - 1) ?? watermark.value }

    /// Kills it, and takes what it told before.
    ///
    /// - Returns: whether it lived until then.
    func kill() -> Bool {
        writer.stop()
        thread.join()
        return writer.kill().wasKilled
    }
}
