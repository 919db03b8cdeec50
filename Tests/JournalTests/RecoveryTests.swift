import Files
import TestSupport
import Testing

@testable import Journal

/// What a journal finds when it is opened.
@Suite struct RecoveryTests {
    private static let firstSegment = "00000000000000000001.segment"
    private static let secondSegment = "00000000000000000002.segment"

    /// A disk with a journal of three frames, and where each begins.
    private static func threeFrames() throws -> (disk: SimulatedDisk, frames: [Frame], starts: [Int]) {
        let disk = SimulatedDisk(seed: 1)
        var series = FrameSeries()
        let frames = [
            series.next(records: [30, 40]), series.next(records: [50], answers: [60]), series.next(records: [70]),
        ]
        try JournalAppender(on: disk).appendDurably(frames)
        let starts = [4096, 4096 + frames[0].size, 4096 + frames[0].size + frames[1].size]
        return (disk, frames, starts)
    }

    @Test func `What was appended is there when it is opened again`() throws {
        let (disk, frames, _) = try Self.threeFrames()
        let appender = try JournalAppender(on: disk)
        #expect(appender.epoch == 2)
        #expect(try appender.contents() == frames.contents())
        var series = FrameSeries(after: LogEnd(position: appender.head.position, chain: appender.head.chain))
        let next = series.next(records: [80])
        appender.appendDurably([next])
        #expect(try JournalAppender(on: disk).contents() == (frames + [next]).contents())
    }

    @Test func `A torn tail is cut, at whichever byte`() throws {
        let (disk, frames, starts) = try Self.threeFrames()
        for torn in stride(from: 0, to: frames[2].size, by: 3) {
            let copy = SimulatedDisk(seed: 1)
            _ = try copy.open(Self.firstSegment, .making)
            let whole = disk.contents(Self.firstSegment)
            copy.damage(Self.firstSegment) { bytes in
                bytes = whole
                for place in (starts[2] + torn)..<(starts[2] + frames[2].size) { bytes[place] = 0 }
            }
            // The last bytes are zeros anyway: then it is whole.
            let count = copy.contents(Self.firstSegment) == whole ? 3 : 2
            let appender = try JournalAppender(on: copy)
            #expect(try appender.contents() == Array(frames.prefix(count)).contents())
            #expect(appender.head.number == UInt64(count))
        }
    }

    @Test func `A damaged frame before others is no torn tail`() throws {
        let (disk, _, starts) = try Self.threeFrames()
        disk.damage(Self.firstSegment) { $0[starts[1] + 90] ^= 1 }
        #expect(
            refusal(of: disk)
                == "the journal is damaged in segment \(Self.firstSegment) at byte \(starts[1]): frame 2 is damaged; "
                + "acknowledged writes are lost; restore a backup")
    }

    @Test func `A frame that went out with a torn one does not make it damaged`() throws {
        let disk = SimulatedDisk(seed: 1)
        var series = FrameSeries()
        let frames = [series.next(records: [30]), series.next(records: [40]), series.next(records: [50])]
        let appender = try JournalAppender(on: disk)
        appender.appendDurably([frames[0]])
        guard case .durable = appender.append(frames[1...]) else { return #expect(Bool(false)) }
        disk.damage(Self.firstSegment) { $0[4096 + frames[0].size + 75] ^= 1 }
        #expect(try JournalAppender(on: disk).contents() == Array(frames[..<1]).contents())
    }

    @Test func `A whole frame that does not continue the chain is damage`() throws {
        let disk = SimulatedDisk(seed: 1)
        var series = FrameSeries()
        let appender = try JournalAppender(on: disk)
        appender.appendDurably([series.next(records: [30])])
        series.chain = emptyLog.chain
        appender.appendDurably([series.next(records: [40])])
        let text = refusal(of: disk) ?? ""
        #expect(text.contains("the hash chain of frame 2, of positions 2 to 2, is "))
        #expect(text.hasSuffix("acknowledged writes are lost; restore a backup"))
    }

    @Test func `What an older epoch holds beyond the next one's beginning is passed over`() throws {
        let disk = SimulatedDisk(seed: 1)
        var series = FrameSeries()
        let appender = try JournalAppender(on: disk)
        let first = series.next(records: [30])
        appender.appendDurably([first])
        var branch = series
        let kept = series
        disk.failNext(.sync)
        guard case .unknown = appender.append([branch.next(records: [40], answers: [7])]) else {
            return #expect(Bool(false))
        }
        try appender.beginEpoch()
        // At the time it is only what the first epoch holds that could be read there.
        #expect(try JournalAppender(on: disk).contents() == [first].contents())
        let second = try JournalAppender(on: disk)
        series = kept
        let next = series.next(answers: [9])
        let last = series.next(records: [41])
        second.appendDurably([next, last])
        #expect(try JournalAppender(on: disk).contents() == [first, next, last].contents())
    }

    @Test func `A segment that is missing between others is damage`() throws {
        let (disk, _, _) = try Self.threeFrames()
        var series = FrameSeries()
        _ = [series.next(records: [30, 40]), series.next(records: [50]), series.next(records: [70])]
        let second = try JournalAppender(on: disk)
        series.chain = second.head.chain
        second.appendDurably([series.next(records: [1])])
        _ = try JournalAppender(on: disk)
        try disk.remove(Self.secondSegment)
        #expect(
            refusal(of: disk)?.contains(
                "it goes on after frame 4 at position 5, but what is before it ends with frame 3 at position 4") == true
        )
    }

    @Test func `A header that is damaged is found when frames stand behind it`() throws {
        let (disk, _, _) = try Self.threeFrames()
        disk.damage(Self.firstSegment) { $0[40] ^= 1 }
        #expect(refusal(of: disk)?.contains("its header is damaged, and frames stand behind it") == true)
    }

    @Test func `Room without a header is no segment, and is removed`() throws {
        let (disk, frames, _) = try Self.threeFrames()
        _ = try disk.open(Self.secondSegment, .making).write(
            [UInt8](repeating: 0, count: 9000).withUnsafeBytes { $0 }, at: 0)
        let appender = try JournalAppender(on: disk)
        #expect(appender.takeUnused() == [Self.secondSegment])
        #expect(try appender.contents() == frames.contents())
    }

    @Test func `The journal of another log is refused`() throws {
        let (disk, _, _) = try Self.threeFrames()
        let other = [UInt8](repeating: 1, count: 16)
        #expect(
            refusal(of: disk, identity: other)
                == "the journal is damaged in segment \(Self.firstSegment) at byte 0: it belongs to the log "
                + "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf, not to 01010101010101010101010101010101; "
                + "put back the journal of this log")
    }

    @Test func `A log that does not fit the journal is refused`() throws {
        let (disk, frames, _) = try Self.threeFrames()
        func refusal(_ position: Position, _ chain: ChainValue) -> String {
            JournalTests.refusal(of: disk, log: LogEnd(position: position, chain: chain)) ?? ""
        }
        #expect(refusal(2, frames[0].chain) == "")
        #expect(refusal(3, frames[1].chain) == "")
        #expect(refusal(2, frames[1].chain).contains("its hash chain at position 2 is "))
        #expect(refusal(1, frames[0].chain).contains("no frame ends at position 1, where the log ends"))
        #expect(refusal(5, frames[2].chain).contains("it ends at position 4, but the log at 5"))

        let appender = try JournalAppender(on: disk)
        for name in appender.forget(through: 3) { try disk.remove(name) }
        #expect(refusal(0, emptyLog.chain).contains("it begins after position 4, but the log ends at 0"))
    }
}
