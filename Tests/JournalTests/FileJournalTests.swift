import Files
import Glibc
import TestSupport
import Testing
import Threads

@testable import Journal

/// The journal with its threads.
@Suite struct FileJournalTests {
    @Test func `What gathers while a sync runs goes out with one write and one sync`() throws {
        let disk = SimulatedDisk(seed: 1)
        let journal = try FileJournal(disk, identity: identity, log: emptyLog)
        defer { journal.close() }
        let ended = Mailbox<FrameNumber?>()
        let series = Guarded(FrameSeries())
        let first = series.withLock { $0.next(records: [20]) }
        let before = Guarded((syncs: 0, writes: 0))
        journal.append(first) { _ in
            // On the thread that syncs: so these gather.
            before.withLock { $0 = (disk.count(.sync), disk.count(.write)) }
            for _ in 0..<50 {
                let frame = series.withLock { $0.next(records: [20], answers: [20]) }
                journal.append(frame) { ended.put($0.number) }
            }
        }
        var numbers: [FrameNumber?] = []
        while numbers.count < 50 { numbers += ended.take() ?? [] }
        #expect(numbers == (2...51).map { $0 })
        #expect(disk.count(.sync) == before.withLock { $0.syncs } + 1)
        #expect(disk.count(.write) == before.withLock { $0.writes } + 1)
    }

    @Test func `No more than 4 MiB go out with one sync, unless there is one frame`() throws {
        let disk = SimulatedDisk(seed: 1)
        let journal = try FileJournal(disk, identity: identity, log: emptyLog)
        defer { journal.close() }
        let heads = Mailbox<FrameNumber>()
        let series = Guarded(FrameSeries())
        journal.append(series.withLock { $0.next(records: [20]) }) { _ in
            for _ in 0..<10 {
                let frame = series.withLock { $0.next(records: [900 * 1024]) }
                journal.append(frame) { _ in heads.put(journal.head.number) }
            }
        }
        var seen: [FrameNumber] = []
        while seen.count < 10 { seen += heads.take() ?? [] }
        // Four frames, four more, and the rest: what is durable grows with each sync.
        #expect(seen == [5, 5, 5, 5, 9, 9, 9, 9, 11, 11])
    }

    @Test func `It counts frames, syncs and epochs`() throws {
        let disk = SimulatedDisk(seed: 1)
        let journal = try FileJournal(disk, identity: identity, log: emptyLog)
        defer { journal.close() }
        #expect(journal.counts == JournalCounts(epochs: 1))
        var series = FrameSeries()
        for _ in 0..<3 { #expect(journal.appendOne(series.next(records: [20])).number != nil) }
        disk.failNext(.sync)
        #expect(journal.appendOne(series.next(records: [20])).number == nil)
        _ = try journal.beginEpoch()
        let counts = journal.counts
        #expect((counts.frames, counts.syncs, counts.epochs) == (3, 4, 2))
        #expect(counts.syncTime > .zero)
    }

    @Test func `An orderly end leaves an empty journal, when all was forgotten`() throws {
        let disk = SimulatedDisk(seed: 1)
        var series = FrameSeries()
        var journal = try FileJournal(disk, identity: identity, log: emptyLog)
        // So many that there is spare room at the end.
        let frames = (0..<40).map { _ in series.next(records: [30_000], answers: [10]) }
        for frame in frames { #expect(journal.appendOne(frame).number != nil) }
        journal.forget(through: 40)
        journal.close()
        disk.restartAfterPowerCut()
        let names = try disk.names()
        #expect(names.count == 1)
        #expect(
            try JournalReader(disk, identity: identity).read(after: 0, upTo: .max) { _ in Issue.record("a frame") }
                == 40)

        journal = try FileJournal(disk, identity: identity, log: series.end)
        #expect(journal.head == JournalHead(number: 40, position: 40, chain: series.chain))
        #expect(journal.appendOne(series.next(records: [1])).number == 41)
        journal.close()
    }

    @Test func `What was not forgotten is left by an orderly end`() throws {
        let disk = SimulatedDisk(seed: 1)
        var series = FrameSeries()
        let journal = try FileJournal(disk, identity: identity, log: emptyLog)
        let frames = (0..<5).map { _ in series.next(records: [30]) }
        for frame in frames { _ = journal.appendOne(frame) }
        journal.forget(through: 4)
        journal.close()
        #expect(try JournalAppender(on: disk).contents() == frames.contents())
    }

    @Test func `Forgotten segments are removed, each for good before the next`() throws {
        let disk = SimulatedDisk(seed: 1)
        var series = FrameSeries()
        let journal = try FileJournal(disk, identity: identity, log: emptyLog)
        for _ in 0..<60 { _ = journal.appendOne(series.next(records: [60_000])) }
        let segments = try disk.names().count
        #expect(segments > 2)
        // A sync that fails delays the rest, and loses nothing.
        disk.failNext(.syncDirectory)
        journal.forget(through: 50)
        journal.forget(through: 60)
        _ = journal.appendOne(series.next(records: [60_000]))
        journal.close()
        let left = try disk.names().compactMap { SegmentName.number($0) }.sorted()
        #expect(left.count < segments)
        #expect(try JournalAppender(on: disk, log: LogEnd(position: 60, chain: chain(at: 60))).head.number == 61)
    }

    /// The chain value after so many frames of one record of 60,000 bytes.
    private func chain(at position: Position) -> ChainValue {
        var series = FrameSeries()
        for _ in 0..<position { _ = series.next(records: [60_000]) }
        return series.chain
    }

    @Test func `Frames under way when a sync fails end unknown or refused, never durable`() throws {
        for seed in 0..<30 {
            let disk = SimulatedDisk(seed: UInt64(seed))
            let journal = try FileJournal(disk, identity: identity, log: emptyLog)
            defer { journal.close() }
            var series = FrameSeries()
            disk.failOneIn(12)
            let frames = (0..<60).map { _ in series.next(records: [100]) }
            let outcomes = journal.appendAll(frames).map(\.outcome)
            disk.failOneIn(nil)
            let durable = outcomes.prefix { $0.number != nil }.count
            #expect(outcomes.dropFirst(durable).allSatisfy { $0.number == nil })
            let refused = outcomes.drop(while: { !$0.isRefused })
            #expect(refused.allSatisfy { $0.isRefused })
            let head = try journal.beginEpoch()
            #expect(head.number == UInt64(durable))
            let contents = try journal.contents()
            #expect(contents == Array(frames.prefix(durable)).contents())
        }
    }
}
