import EventLog
import TestSupport
import Testing
import Threads

/// Whoever lets go of a log last may be a thread of the log itself.
@Suite struct ConcurrentDropTests {
    /// Tells when the last of the log is gone, which holds it until then.
    private final class Tag: Sendable {
        let gone: Mailbox<Bool>

        init(_ gone: Mailbox<Bool>) { self.gone = gone }

        deinit { gone.put(true) }
    }

    @Test func `A log that is dropped in a completion ends, and can be opened again`() throws {
        try withTemporaryDirectory { path in
            let gone = Mailbox<Bool>()
            do {
                let tag = Tag(gone)
                let log = try LMDBEventLog(directory: path, mapSize: 1 << 26) { _ in withExtendedLifetime(tag) {} }
                for _ in 0..<20 { log.submit(Proposal(decide: { _ in .append(.of("a")) }, completion: { _ in })) }
                // Nobody else holds it when this runs.
                log.submit(Proposal(decide: { _ in .append(.of("a")) }) { _ in withExtendedLifetime(log) {} })
            }
            #expect(gone.take() == [true])
            try withLMDBLog(path) { log in
                #expect(log.head.position == 21)
                try log.append(.of("a"))
            }
        }
    }

    @Test func `A log can be closed in a completion`() throws {
        try withTemporaryDirectory { path in
            let log = try LMDBEventLog(directory: path, mapSize: 1 << 26)
            let answers = Answers()
            for _ in 0..<20 {
                log.submit(
                    Proposal(decide: { _ in .append(.of("a")) }) { outcome in
                        log.close()
                        answers.put(outcome)
                    })
            }
            let outcomes = answers.take(count: 20)
            #expect(log.wait(after: 20) == nil)
            #expect(log.head.position == Position(outcomes.count { (try? $0.get()) != nil }))
        }
    }
}
