import Journal
import TestSupport
import Testing
import Threads

/// What every journal promises.
@Suite struct ConformanceTests {
    @Test(arguments: JournalKind.allCases)
    func `Frames that are under way at once end durable, in order`(kind: JournalKind) throws {
        try kind.withJournal { journal, _ in
            var series = FrameSeries()
            let frames = (0..<300).map { index in
                series.next(
                    records: [Int](repeating: 100 + index % 7, count: index % 5), answers: index % 3 == 0 ? [40] : [])
            }
            let ended = journal.appendAll(frames)
            #expect(ended.map(\.index) == Array(0..<300))
            #expect(ended.map(\.outcome.number) == (1...300).map { $0 })
            #expect(journal.head == JournalHead(number: 300, position: series.position, chain: series.chain))
            let contents = try journal.contents()
            #expect(contents == frames.contents())
        }
    }

    @Test(arguments: JournalKind.allCases)
    func `Reading begins with the first frame that the log may lack`(kind: JournalKind) throws {
        try kind.withJournal { journal, _ in
            var series = FrameSeries()
            let frames = [
                series.next(records: [10, 10]), series.next(answers: [5]), series.next(records: [10]),
                series.next(answers: [5]), series.next(records: [10, 10, 10]), series.next(answers: [5]),
            ]
            _ = journal.appendAll(frames)
            let expected: [Position: [FrameNumber]] = [
                0: [1, 2, 3, 4, 5, 6], 1: [1, 2, 3, 4, 5, 6], 2: [2, 3, 4, 5, 6], 3: [4, 5, 6], 6: [6], 7: [],
            ]
            for (position, numbers) in expected {
                let contents = try journal.contents(after: position)
                #expect(contents.map(\.number) == numbers, "after \(position)")
            }
        }
    }

    @Test(arguments: JournalKind.allCases)
    func `A completion can read its frame and append the next`(kind: JournalKind) throws {
        try kind.withJournal { journal, _ in
            let frames = Guarded((series: FrameSeries(), left: 20))
            let done = Mailbox<Int>()
            @Sendable func appendNext() {
                let next = frames.withLock { state -> Frame? in
                    state.left -= 1
                    return state.left < 0 ? nil : state.series.next(records: [50])
                }
                guard let next else {
                    done.put(0)
                    return
                }
                journal.append(next) { outcome in
                    if outcome.number == journal.head.number { appendNext() } else { done.put(1) }
                }
            }
            appendNext()
            #expect(done.take() == [0])
            #expect(journal.head.position == 20)
        }
    }

    @Test(arguments: JournalKind.allCases)
    func `What is not forgotten can be read`(kind: JournalKind) throws {
        try kind.withJournal { journal, _ in
            var series = FrameSeries()
            let frames = (0..<100).map { _ in series.next(records: [9000, 9000]) }
            for frame in frames { _ = journal.appendOne(frame) }
            journal.forget(through: 60)
            _ = journal.appendOne(series.next(records: [1]))
            let numbers = try journal.contents(after: 120).map(\.number)
            #expect(numbers == Array(61...101))
            #expect(journal.head.number == 101)
        }
    }

    @Test(arguments: JournalKind.allCases)
    func `After a failure all are refused until a new epoch begins`(kind: JournalKind) throws {
        try kind.withJournal { journal, failNext in
            guard let failNext else { return }
            var series = FrameSeries()
            _ = journal.appendOne(series.next(records: [10]))
            let kept = series
            failNext()
            let outcome = journal.appendOne(series.next(records: [20], answers: [20]))
            #expect(outcome.isUnknown)
            let later = journal.appendAll([series.next(records: [30]), series.next(answers: [5])])
            #expect(later.allSatisfy { $0.outcome.isRefused })
            #expect(journal.head.number == 1)
            let before = try journal.contents()
            #expect(before.map(\.number) == [1])

            let head = try journal.beginEpoch()
            #expect(head == JournalHead(number: 1, position: kept.position, chain: kept.chain))
            series = kept
            let frame = series.next(records: [40], answers: [40])
            #expect(journal.appendOne(frame).number == 2)
            let after = try journal.contents()
            #expect(after.last == FrameContents(frame, number: 2))
        }
    }

    @Test(arguments: JournalKind.allCases)
    func `A frame at another position is refused, and all after it`(kind: JournalKind) throws {
        try kind.withJournal { journal, _ in
            var series = FrameSeries()
            _ = series.next(records: [10])
            let ended = journal.appendAll([series.next(records: [10]), series.next(records: [10])])
            #expect(ended.allSatisfy { $0.outcome.isRefused })
            let contents = try journal.contents()
            #expect(contents.isEmpty)
            try journal.beginEpoch()
            series = FrameSeries()
            #expect(journal.appendOne(series.next(records: [10])).number == 1)
        }
    }

    @Test(arguments: JournalKind.allCases)
    func `Closing ends what was appended, and refuses what comes later`(kind: JournalKind) throws {
        try kind.withJournal { journal, _ in
            var series = FrameSeries()
            let ended = Mailbox<FrameNumber?>()
            for _ in 0..<50 { journal.append(series.next(records: [100])) { ended.put($0.number) } }
            journal.close()
            journal.close()
            #expect(ended.take() == (1...50).map { $0 })
            #expect(journal.appendOne(series.next(records: [100])).isRefused)
            #expect(throws: JournalError.self) { try journal.beginEpoch() }
        }
    }
}
