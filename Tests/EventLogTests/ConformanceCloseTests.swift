import EventLog
import Testing
import Threads

/// What every engine promises about closing.
@Suite struct ConformanceCloseTests {
    @Test(arguments: Engine.allCases) func `Closing completes what waits`(engine: Engine) throws {
        try engine.withLog { log in
            let answers = Answers()
            for _ in 0..<200 {
                log.submit(Proposal(decide: { _ in .append(.of("a")) }) { answers.put($0) })
            }
            log.close()
            #expect(answers.count == 200)
            let outcomes = answers.take(count: 200)
            #expect(outcomes.map { try? $0.get() } == (1...200).map { .appended($0) })
            let records = try log.records()
            #expect(records.count == 200)
        }
    }

    @Test(arguments: Engine.allCases) func `A closed log refuses proposals`(engine: Engine) throws {
        try engine.withLog { log in
            try log.append(.of("a"))
            log.close()
            log.close()
            let error = logError { try log.append(.of("a")) }
            #expect(error?.description == "the log is closed")
            #expect(try log.head.position == 1)
        }
    }

    @Test(arguments: Engine.allCases) func `Closing ends every wait`(engine: Engine) throws {
        try engine.withLog { log in
            try log.append(.of("a"))
            let found = Mailbox<Position?>()
            let waiters = (0..<3).map { _ in OwnedThread(name: "waiter") { found.put(log.wait(after: 1)) } }
            log.close()
            for waiter in waiters { waiter.join() }
            #expect(found.take() == [nil, nil, nil])
            #expect(log.wait(after: 0) == 1)
        }
    }
}
