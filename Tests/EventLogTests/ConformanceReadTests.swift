import EventLog
import Testing
import Threads

/// What every engine promises about reading.
@Suite struct ConformanceReadTests {
    @Test(arguments: Engine.allCases) func `Reading starts after a position and ends at the limit`(engine: Engine)
        throws
    {
        try engine.withLog { log in
            for _ in 1...10 { try log.append(.of("a")) }
            func positions(_ after: Position, _ limit: Int) throws -> [Position] {
                try log.map(after: after, limit: limit) { $0.position }
            }
            #expect(try positions(0, .max) == Array(1...10))
            #expect(try positions(0, 3) == [1, 2, 3])
            #expect(try positions(7, 3) == [8, 9, 10])
            #expect(try positions(8, 3) == [9, 10])
            #expect(try positions(9, .max) == [10])
            let none = try positions(10, .max) + positions(11, 1) + positions(.max, .max) + positions(0, 0)
            #expect(none.isEmpty)
        }
    }

    @Test(arguments: Engine.allCases) func `An error of the reader comes through and the log goes on`(engine: Engine)
        throws
    {
        struct Enough: Error {}
        try engine.withLog { log in
            for _ in 1...3 { try log.append(.of("a")) }
            var seen: [Position] = []
            #expect(throws: Enough.self) {
                try log.read(after: 0, limit: 3) { record in
                    seen.append(record.position)
                    if record.position == 2 { throw Enough() }
                }
            }
            #expect(seen == [1, 2])
            let outcome = try log.append(.of("a"))
            #expect(outcome == .appended(4))
        }
    }

    @Test(arguments: Engine.allCases) func `Waiting ends with the next event`(engine: Engine) throws {
        try engine.withLog { log in
            try log.append(.of("a"))
            #expect(log.wait(after: 0) == 1)
            let found = Mailbox<Position?>()
            let waiter = OwnedThread(name: "waiter") { found.put(log.wait(after: 1)) }
            try log.append(.of("a"))
            waiter.join()
            #expect(found.take() == [2])
        }
    }

    @Test(arguments: Engine.allCases) func `A stream that has no event has no head`(engine: Engine) throws {
        try engine.withLog { log in
            try log.append(.of("post/1"))
            let heads = try ["post/1", "post/10", "post/", "p"].map { try log.head(of: StreamName($0))?.position }
            #expect(heads == [1, nil, nil, nil])
        }
    }
}
