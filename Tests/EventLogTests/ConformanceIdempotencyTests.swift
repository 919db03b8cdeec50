import EventLog
import TestSupport
import Testing
import Threads

/// What every engine promises about sending a command again.
@Suite struct ConformanceIdempotencyTests {
    @Test(arguments: Engine.allCases) func `A repeat gets the first position and no second event`(engine: Engine) throws
    {
        try engine.withLog { log in
            #expect(try log.append(.of("post/1"), .key("k")) == .appended(1))
            try log.append(.of("post/2"))
            for _ in 0..<3 {
                let outcome = try log.propose(.key("k")) { _ in
                    Issue.record("a repeat is decided again")
                    return .nothing(answer: [])
                }
                #expect(outcome == .repeated(1, answer: []))
            }
            #expect(try log.head.position == 2)
        }
    }

    @Test(arguments: Engine.allCases) func `A repeat gets the first answer where no event came of it`(engine: Engine)
        throws
    {
        try engine.withLog { log in
            try log.append(.of("a"))
            let first = try log.propose(.key("k")) { _ in .nothing(answer: [1, 2, 3]) }
            #expect(first == .nothing(answer: [1, 2, 3], asOf: 1))
            try log.append(.of("a"))
            let second = try log.propose(.key("k")) { _ in .append(.of("a")) }
            #expect(second == .repeated(0, answer: [1, 2, 3]))
            #expect(try log.head.position == 2)
        }
    }

    @Test(arguments: Engine.allCases) func `A key with another request is refused`(engine: Engine) throws {
        try engine.withLog { log in
            try log.append(.of("post/1"), .key("k-1", of: 4, 1))
            let error = logError { try log.append(.of("post/2"), .key("k-1", of: 4, 2)) }
            #expect(error?.description == "idempotency key \"k-1\" of account 4 was used before for another request")
            let again = try log.append(.of("post/1"), .key("k-1", of: 4, 1))
            #expect(again == .repeated(1, answer: []))
            #expect(try log.head.position == 1)
        }
    }

    @Test(arguments: Engine.allCases) func `Keys of different actors do not meet`(engine: Engine) throws {
        try engine.withLog { log in
            #expect(try log.append(.of("a"), .key("k", of: 1, 1)) == .appended(1))
            #expect(try log.append(.of("a"), .key("k", of: 2, 2)) == .appended(2))
            #expect(try log.append(.of("a"), .key("kk", of: 1, 3)) == .appended(3))
            let again = try log.append(.of("a"), .key("k", of: 2, 2))
            #expect(again == .repeated(2, answer: []))
        }
    }

    @Test(arguments: Engine.allCases) func `A key whose proposal failed is free`(engine: Engine) throws {
        try engine.withLog { log in
            try log.append(.of("a"))
            #expect(throws: LogError.self) { try log.append(.of("a", read: 0), .key("k")) }
            let outcome = try log.append(.of("a", read: 1), .key("k", of: 1, 9))
            #expect(outcome == .appended(2))
        }
    }

    @Test(arguments: Engine.allCases) func `A repeat in the same batch is a repeat too`(engine: Engine) throws {
        try engine.withLog { log in
            let answers = Answers()
            for _ in 0..<20 {
                log.submit(
                    Proposal(idempotency: .key("k"), decide: { _ in .append(.of("a")) }) { answers.put($0) })
            }
            let outcomes = answers.take(count: 20)
            let expected: [Outcome] = [.appended(1)] + Array(repeating: .repeated(1, answer: []), count: 19)
            #expect(outcomes.map { try? $0.get() } == expected)
        }
    }

    @Test(arguments: Engine.allCases) func `A key whose proposal was refused is free`(engine: Engine) throws {
        try engine.withLog { log in
            try log.append(.of("a"))
            let refusal = try log.propose(.key("k", of: 1, 1)) { _ in .refuse(answer: [4]) }
            #expect(refusal == .nothing(answer: [4], asOf: 1))
            let outcome = try log.append(.of("a"), .key("k", of: 1, 2))
            #expect(outcome == .appended(2))
        }
    }

    @Test(arguments: Engine.allCases) func `A repeat recalls the first position instead of deciding`(engine: Engine)
        throws
    {
        try engine.withLog { log in
            let steps = Guarded<[String]>([])
            let answers = Answers()
            for (key, isEvent) in [("event", true), ("nothing", false), ("event", true), ("nothing", false)] {
                log.submit(
                    Proposal(
                        idempotency: .key(key),
                        decide: { _ in
                            steps.withLock { $0.append("decide \(key)") }
                            return isEvent ? .append(.of("a")) : .nothing(answer: [])
                        },
                        recall: { position in steps.withLock { $0.append("recall \(key) \(position)") } },
                        completion: { answers.put($0) }))
            }
            #expect(answers.take(count: 4).count == 4)
            #expect(steps.withLock { $0 } == ["decide event", "decide nothing", "recall event 1", "recall nothing 0"])
        }
    }

    @Test func `Repeats are known after reopening`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { log in
                try log.append(.of("a"), .key("event", of: 3, 1))
                _ = try log.propose(.key("answer", of: 3, 2)) { _ in .nothing(answer: [9]) }
            }
            try withLMDBLog(path) { log in
                let event = try log.append(.of("a"), .key("event", of: 3, 1))
                #expect(event == .repeated(1, answer: []))
                let answer = try log.append(.of("a"), .key("answer", of: 3, 2))
                #expect(answer == .repeated(0, answer: [9]))
                #expect(throws: LogError.self) { try log.append(.of("a"), .key("event", of: 3, 2)) }
                let position = log.head.position
                #expect(position == 1)
            }
        }
    }
}
