import EventLog
import TestSupport
import Testing
import Threads

@Suite struct ConcurrentAppendTests {
    @Test(arguments: Engine.allCases) func `Of many who take the same name one wins`(engine: Engine) throws {
        try engine.withLog { log in
            let outcomes = Guarded<[Result<Outcome, LogError>]>([])
            let threads = (0..<64).map { number in
                OwnedThread(name: "taker") {
                    let outcome = Result { () throws(LogError) in
                        try log.append(.of([("account/\(number)", nil), ("handle/ada", 0)]))
                    }
                    outcomes.withLock { $0.append(outcome) }
                }
            }
            for thread in threads { thread.join() }
            let all = outcomes.withLock { $0 }
            #expect(all.count == 64)
            #expect(all.compactMap { try? $0.get() } == [.appended(1)])
            let conflicts = all.filter { outcome in
                if case .failure(.conflict(StreamName("handle/ada"), read: 0, actual: 1)) = outcome {
                    true
                } else {
                    false
                }
            }
            #expect(conflicts.count == 63)
            let position = try log.head.position
            #expect(position == 1)
        }
    }

    @Test(arguments: Engine.allCases) func `Eight threads on their own streams leave no gap`(engine: Engine) throws {
        try engine.withLog { log in
            let failures = Guarded<[String]>([])
            let threads = (0..<8).map { number in
                OwnedThread(name: "appender") {
                    let answers = Answers()
                    for version in 0..<500 {
                        let event = NewEvent.of(
                            "stream \(number)", read: Version(version), type: UInt8(number), payload: "\(version)")
                        log.submit(Proposal(decide: { _ in .append(event) }) { answers.put($0) })
                    }
                    for case .failure(let error) in answers.take(count: 500) {
                        failures.withLock { $0.append("\(error)") }
                    }
                }
            }
            for thread in threads { thread.join() }
            #expect(failures.withLock { $0 } == [])
            var versions = [Version](repeating: 0, count: 8)
            var position: Position = 0
            var time: Int64 = 0
            _ = try log.read(after: 0, limit: .max) { record in
                let number = Int(record.type)
                position += 1
                versions[number] += 1
                let isNext =
                    record.position == position && record.time >= time
                    && record.streams[0] == (StreamName("stream \(number)"), versions[number])
                    && record.payload.elementsEqual("\(versions[number] - 1)".utf8)
                if !isNext { Issue.record("position \(record.position): \(record.streams)") }
                time = record.time
            }
            #expect(position == 4_000)
            #expect(versions == [Version](repeating: 500, count: 8))
        }
    }

    /// Whoever lets go of a log without closing it, even while proposals wait, gets an answer for each of them.
    @Test func `A log that is dropped answers every proposal`() throws {
        for round in 0..<30 {
            try withTemporaryDirectory { path in
                let answers = Answers()
                var log: LMDBEventLog? = try LMDBEventLog(directory: path, mapSize: 1 << 24)
                for _ in 0..<(round * 3) {
                    log?.submit(Proposal(decide: { _ in .append(.of("a")) }) { answers.put($0) })
                }
                log = nil
                let outcomes = answers.take(count: round * 3)
                #expect(outcomes.count == round * 3)
            }
        }
    }
}
