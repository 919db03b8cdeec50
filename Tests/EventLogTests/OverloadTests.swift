import EventLog
import TestSupport
import Testing
import Threads

@Suite struct OverloadTests {
    @Test func `More than the limit are refused and those that wait go through`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path, waitingLimit: 3) { log in
                let (held, isHeldUp, mayGoOn) = (Answers(), Watermark(0), Watermark(0))
                log.submit(
                    Proposal(
                        decide: { _ in
                            isHeldUp.advance(to: 1)
                            _ = mayGoOn.wait(beyond: 0)
                            return .append(.of("a"))
                        }, completion: { held.put($0) }))
                _ = isHeldUp.wait(beyond: 0)
                for _ in 0..<3 { log.submit(Proposal(decide: { _ in .append(.of("a")) }) { held.put($0) }) }
                let error = logError { try log.append(.of("a")) }
                #expect(error?.description == "3 commands are waiting already")
                let loader = OwnedThread(name: "loader") {
                    log.submitWaiting(Proposal(decide: { _ in .append(.of("a")) }) { held.put($0) })
                }
                mayGoOn.advance(to: 1)
                let outcomes = held.take(count: 5)
                loader.join()
                #expect(outcomes.map { try? $0.get() } == (1...5).map { .appended($0) })
            }
        }
    }

    @Test func `A caller that waits for room is told when the log closes`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { log in
                log.close()
                let answers = Answers()
                log.submitWaiting(Proposal(decide: { _ in .append(.of("a")) }) { answers.put($0) })
                guard case .failure(.closed) = answers.take(count: 1)[0] else {
                    Issue.record("not refused")
                    return
                }
            }
        }
    }
}

@Suite struct ConcurrentOverloadTests {
    @Test func `An open log never says that it is closed`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path, waitingLimit: 1) { log in
                let counts = Guarded(Counts())
                let threads = (0..<4).map { number in
                    OwnedThread(name: "submitter") {
                        for _ in 0..<60_000 {
                            log.submit(
                                Proposal(decide: { _ in .nothing(answer: []) }) { outcome in
                                    counts.withLock { $0.add(outcome) }
                                })
                        }
                    }
                }
                for thread in threads { thread.join() }
                log.close()
                let found = counts.withLock { $0 }
                #expect(found.done + found.overloaded == 240_000)
                #expect(found.other == [])
            }
        }
    }

    private struct Counts {
        var done = 0
        var overloaded = 0
        var other: [String] = []

        mutating func add(_ outcome: Result<Outcome, LogError>) {
            switch outcome {
            case .success: done += 1
            case .failure(.overloaded(waiting: 1)): overloaded += 1
            case .failure(let error): other.append("\(error)")
            }
        }
    }
}
