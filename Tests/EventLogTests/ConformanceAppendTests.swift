import EventLog
import Testing

/// What every engine promises about appending.
@Suite struct ConformanceAppendTests {
    @Test(arguments: Engine.allCases) func `A new log is empty`(engine: Engine) throws {
        try engine.withLog { log in
            #expect(try log.head == LogHead(position: 0, time: 0))
            #expect(log.identity.count == 16)
            let head = try log.head(of: StreamName("post/1"))
            #expect(head == nil)
            let records = try log.records()
            #expect(records.isEmpty)
        }
    }

    @Test(arguments: Engine.allCases) func `Positions and versions are gapless from one`(engine: Engine) throws {
        try engine.withLog { log in
            for number in 1...10 as ClosedRange<Position> {
                let outcome = try log.append(.of(number % 2 == 0 ? "even" : "odd", type: UInt8(number)))
                #expect(outcome == .appended(number))
                #expect(try log.head.position == number)
            }
            let found = try log.map { record in "\(record.position) \(record.streams[0]) \(record.type)" }
            let expected = (1...10).map { number in
                "\(number) (name: \(number % 2 == 0 ? "even" : "odd"), version: \((number + 1) / 2)) \(number)"
            }
            #expect(found == expected)
            let head = try log.head(of: StreamName("odd"))
            #expect(head == StreamHead(version: 5, position: 9, type: 9))
        }
    }

    @Test(arguments: Engine.allCases)
    func `What a decision has read of a stream is so, or the append conflicts`(engine: Engine) throws {
        try engine.withLog { log in
            try log.append(.of("post/1", read: 0))
            try log.append(.of("post/1", read: 1))
            try log.append(.of("post/1"))
            for wrong in [0, 2, 4] as [Version] {
                let error = logError { try log.append(.of("post/1", read: wrong)) }
                guard case .conflict(let stream, read: wrong, actual: 3) = error else {
                    Issue.record("\(wrong): \(String(describing: error))")
                    continue
                }
                #expect(stream == StreamName("post/1"))
            }
            let none = logError { try log.append(.of("post/2", read: 1)) }
            let words = "stream post/2 is at version 0, but the decision has read version 1"
            #expect(none?.description.hasPrefix(words) == true)
            try log.append(.of("post/2", read: 0))
            #expect(try log.head.position == 4)
        }
    }

    @Test(arguments: Engine.allCases) func `An event of several streams is the next of each`(engine: Engine) throws {
        try engine.withLog { log in
            try log.append(.of("media/1"))
            try log.append(.of("media/1"))
            try log.append(.of([("post/3", 0), ("media/1", 2), ("media/2", nil)], type: 5))
            let heads = try ["post/3", "media/1", "media/2"].map { try log.head(of: StreamName($0)) }
            #expect(heads == [1, 3, 1].map { StreamHead(version: $0, position: 3, type: 5) })
            let streams = try log.map(after: 2) { $0.streams.map { "\($0.name) \($0.version)" } }
            #expect(streams == [["post/3 1", "media/1 3", "media/2 1"]])
        }
    }

    @Test(arguments: Engine.allCases) func `A conflict in one stream leaves the others alone`(engine: Engine) throws {
        try engine.withLog { log in
            try log.append(.of("media/1"))
            let error = logError {
                try log.append(.of([("post/2", 0), ("media/1", 0), ("media/2", nil)]))
            }
            let words = "stream media/1 is at version 1, but the decision has read version 0"
            #expect(error?.description.hasPrefix(words) == true)
            let heads = try ["post/2", "media/1", "media/2"].map { try log.head(of: StreamName($0))?.version }
            #expect(heads == [nil, 1, nil])
            #expect(try log.head.position == 1)
        }
    }

    @Test(arguments: Engine.allCases) func `Times never go back`(engine: Engine) throws {
        try engine.withLog { log in
            for time in [1_000, 3_000, 2_000, 3_000, 3_001, -5] as [Int64] { try log.append(.of("a"), time: time) }
            let times = try log.map { $0.time }
            #expect(times == [1_000, 3_000, 3_000, 3_000, 3_001, 3_001])
            #expect(try log.head.time == 3_001)
        }
    }

    @Test(arguments: Engine.allCases) func `Every field of an event is kept`(engine: Engine) throws {
        try engine.withLog { log in
            let all = (UInt8.min...UInt8.max).map { $0 }
            try log.append(
                NewEvent(
                    streams: [(StreamName([UInt8](repeating: 0x61, count: StreamName.longest)), nil)],
                    type: 255, schema: 9, actor: .max, by: 78, payload: all, personal: all.reversed(), about: 2),
                time: 5, .key(String(repeating: "k", count: Idempotency.longestKey), of: 77, 3))
            _ = try log.read(after: 0, limit: 1) { record in
                #expect(record.type == 255)
                #expect(record.schema == 9)
                #expect(record.actor == .max)
                #expect(record.by == 78)
                #expect(record.time == 5)
                #expect(record.payload.elementsEqual(all))
                let personal = try record.opened(TestKeys.open(log.identity))
                #expect(personal == all.reversed())
                #expect(record.streams[0].name.bytes.count == 400)
                #expect(record.idempotency == .key(String(repeating: "k", count: 255), of: 77, 3))
            }
        }
    }

    @Test(arguments: Engine.allCases) func `A large payload and none at all are kept`(engine: Engine) throws {
        try engine.withLog { log in
            let large = String(repeating: "x", count: 200_000)
            try log.append(.of("a", payload: large))
            try log.append(.of("a"))
            let sizes = try log.map { $0.payload.count }
            #expect(sizes == [200_000, 0])
        }
    }
}
