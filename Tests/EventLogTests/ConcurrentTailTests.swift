import EventLog
import Testing
import Threads

@Suite struct ConcurrentTailTests {
    @Test(arguments: Engine.allCases) func `Tails have no gap and no repeat while a writer appends`(engine: Engine)
        throws
    {
        let count: Position = 600
        try engine.withLog { log in
            let emptyReads = Guarded(0)
            let tails = (0..<3).map { _ in Mailbox<[Position]>() }
            let readers = tails.enumerated().map { number, tail in
                OwnedThread(name: "tail") {
                    var seen: [Position] = []
                    while seen.count < count, log.wait(after: seen.last ?? 0) != nil {
                        let lent = try? log.read(after: seen.last ?? 0, limit: number * 20 + 1) { record in
                            seen.append(record.position)
                        }
                        guard let lent else { break }
                        if lent == 0 { emptyReads.withLock { $0 += 1 } }
                    }
                    tail.put(seen)
                }
            }
            let answers = Answers()
            for number in 0..<count {
                log.submit(Proposal(decide: { _ in .append(.of("stream \(number % 5)")) }) { answers.put($0) })
            }
            let outcomes = answers.take(count: Int(count))
            for reader in readers { reader.join() }
            for tail in tails { #expect(tail.take() == [Array(1...count)]) }
            #expect(emptyReads.withLock { $0 } == 0)
            #expect(outcomes.map { try? $0.get() } == (1...count).map { .appended($0) })
        }
    }

    /// A reader that is told a position, by whatever way, finds its event.
    @Test(arguments: Engine.allCases) func `What is acknowledged can be read`(engine: Engine) throws {
        try engine.withLog { log in
            let missing = Guarded<[Position]>([])
            let answers = Answers()
            for _ in 0..<300 {
                log.submit(
                    Proposal(decide: { _ in .append(.of("a")) }) { outcome in
                        if case .success(.appended(let position)) = outcome {
                            let read = try? log.read(after: position - 1, limit: 1) { _ in }
                            if read != 1 || (try? log.head)!.position < position {
                                missing.withLock { $0.append(position) }
                            }
                        }
                        answers.put(outcome)
                    })
            }
            let outcomes = answers.take(count: 300)
            #expect(outcomes.count == 300)
            #expect(missing.withLock { $0 } == [])
        }
    }
}
