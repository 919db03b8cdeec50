import EventLog
import Testing

/// What every engine promises about deciding.
@Suite struct ConformanceDecideTests {
    @Test(arguments: Engine.allCases) func `A proposal that fails in a batch fails alone`(engine: Engine) throws {
        try engine.withLog { log in
            let outcomes = log.proposeTogether([
                { _ in .append(.of("post/1", read: 0)) },
                { _ in .append(.of("post/1", read: 0)) },
                { _ in .append(.of([("post/2", 0), ("post/1", 7)])) },
                { _ in .append(.of("post/2", read: 0)) },
            ])
            #expect(try outcomes[0].get() == .appended(1))
            #expect(throws: LogError.self) { try outcomes[1].get() }
            #expect(throws: LogError.self) { try outcomes[2].get() }
            #expect(try outcomes[3].get() == .appended(2))
            let names = try log.map { $0.streams.map(\.name.description) }
            #expect(names == [["post/1"], ["post/2"]])
        }
    }

    @Test(arguments: Engine.allCases) func `Deciding sees the earlier events of its own batch`(engine: Engine) throws {
        try engine.withLog { log in
            let like: @Sendable (any DecisionContext) -> Decision = { context in
                guard context.head(of: StreamName("like/1/2"))?.type != 8 else { return .nothing(answer: [1]) }
                return .append(.of("like/1/2", type: 8, payload: "first"))
            }
            let look: @Sendable (any DecisionContext) -> Decision = { context in
                let record = context.withRecord(at: 1) { "\($0.type) \(String(decoding: $0.payload, as: UTF8.self))" }
                let head = context.head(of: StreamName("like/1/2"))
                let seen = "\(context.nextPosition) \(String(describing: record)) \(head?.version ?? 0)"
                return .nothing(answer: Array(seen.utf8))
            }
            let outcomes = log.proposeTogether([look, like, like, look]).map { try? $0.get() }
            #expect(
                outcomes == [
                    .nothing(answer: Array("1 nil 0".utf8), asOf: 0), .appended(1), .nothing(answer: [1], asOf: 1),
                    .nothing(answer: Array("2 Optional(\"8 first\") 1".utf8), asOf: 1),
                ])
        }
    }

    @Test(arguments: Engine.allCases) func `There is no record at zero nor beyond the end`(engine: Engine) throws {
        try engine.withLog { log in
            try log.append(.of("a"))
            let outcome = try log.propose { context in
                let found = [0, 1, 2, .max].map { context.withRecord(at: $0) { _ in true } == true ? UInt8(1) : 0 }
                return .nothing(answer: found)
            }
            #expect(outcome == .nothing(answer: [0, 1, 0, 0], asOf: 1))
        }
    }

    @Test(arguments: Engine.allCases)
    func `Deciding sees the time that the event will have`(engine: Engine) throws {
        try engine.withLog { log in
            try log.append(.of("a"), time: 1_234)
            for (time, expected) in [(1_200, "1234"), (1_234, "1234"), (1_300, "1300")] as [(Int64, String)] {
                let outcome = try log.propose(time: time) { .refuse(answer: Array("\($0.time)".utf8)) }
                #expect(outcome == .nothing(answer: Array(expected.utf8), asOf: 1))
            }
        }
    }

    @Test(arguments: Engine.allCases) func `Deciding sees the time of the newest event`(engine: Engine) throws {
        try engine.withLog { log in
            try log.append(.of("a"), time: 1_234)
            let outcome = try log.propose { .nothing(answer: Array("\($0.newestTime)".utf8)) }
            #expect(outcome == .nothing(answer: Array("1234".utf8), asOf: 1))
        }
    }

    @Test(arguments: Engine.allCases) func `Outcomes come in the order of submission`(engine: Engine) throws {
        try engine.withLog { log in
            let outcomes = log.proposeTogether(
                (1...50).map { number in { _ in .append(.of("stream \(number % 7)")) } })
            let expected = (1...50).map { Outcome.appended($0) }
            #expect(outcomes.map { try? $0.get() } == expected)
            let position = try log.head.position
            #expect(position == 50)
        }
    }
}
