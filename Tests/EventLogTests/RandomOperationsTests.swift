import EventLog
import TestSupport
import Testing
import Threads

/// The same random operations on the real log and on the oracle must come to the same, to the last byte of what is sealed.
@Suite struct RandomOperationsTests {
    @Test(arguments: (0..<40).map { UInt64($0) })
    func `The log and the oracle agree`(block: UInt64) throws {
        for seed in (block * 10)..<(block * 10 + 10) {
            try withTemporaryDirectory { path in
                let run = try RandomRun(seed: seed, directory: path)
                defer { run.close() }
                for burst in 0..<6 {
                    guard try run.burst() else {
                        Issue.record("seed \(seed), burst \(burst)")
                        return
                    }
                }
            }
        }
    }
}

/// One seeded sequence of operations.
private final class RandomRun {
    private let directory: String
    private var generator: SplitMix64
    private var log: LMDBEventLog?
    private let oracle = InMemoryEventLog()
    private let identity: [UInt8]

    init(seed: UInt64, directory: String) throws {
        self.directory = directory
        generator = SplitMix64(seed: seed)
        let log = try LMDBEventLog(directory: directory, mapSize: 1 << 26)
        identity = log.identity
        self.log = log
    }

    func close() {
        log?.close()
        oracle.close()
    }

    /// Runs a few operations, then compares all that can be seen; sometimes opens the log anew.
    ///
    /// - Returns: whether everything was equal.
    func burst() throws -> Bool {
        let proposals = (0..<Int.random(in: 1...12, using: &generator)).map { _ in proposal() }
        let answers = (real: Answers(), oracle: Answers())
        for (time, idempotency, decide) in proposals {
            log?.submit(Proposal(time: time, idempotency: idempotency, decide: decide) { answers.real.put($0) })
            oracle.submit(Proposal(time: time, idempotency: idempotency, decide: decide) { answers.oracle.put($0) })
        }
        let real = answers.real.take(count: proposals.count)
        let expected = answers.oracle.take(count: proposals.count)
        #expect(real.map { "\($0)" } == expected.map { "\($0)" })
        if generator.oneIn(3) {
            log?.close()
            log = nil
            log = try LMDBEventLog(directory: directory, mapSize: 1 << 26)
        }
        return try real.map { "\($0)" } == expected.map { "\($0)" } && isLikeTheOracle()
    }

    private func isLikeTheOracle() throws -> Bool {
        guard let log else { return false }
        let last = oracle.head.position
        let after = Position.random(in: 0...(last + 1), using: &generator)
        let limit = Int.random(in: 0...Int(last + 1), using: &generator)
        #expect(log.head == oracle.head)
        #expect(log.identity == identity)
        #expect(try log.recordsInPlain(log.keys) == oracle.records())
        #expect(
            try log.recordsInPlain(log.keys, after: after, limit: limit) == oracle.records(after: after, limit: limit))
        #expect(try log.chainHead == log.recomputedChain())
        for stream in RandomRun.streams {
            #expect(try log.head(of: stream) == oracle.head(of: stream))
        }
        return try log.head == oracle.head && log.recordsInPlain(log.keys) == oracle.records()
    }

    private static let streams = ["a", "ab", "post/1", "post/10", "like/1/2", "é"].map { StreamName($0) }

    private func proposal() -> (Int64?, Idempotency?, @Sendable (any DecisionContext) -> Decision) {
        let time = Int64.random(in: 0...10_000, using: &generator)
        var idempotency: Idempotency?
        if generator.oneIn(3) {
            idempotency = .key(
                ["k", "kk", "kkk"].randomElement(using: &generator)!, of: UInt64.random(in: 0...1, using: &generator),
                UInt8.random(in: 0...1, using: &generator))
        }
        if generator.oneIn(4) {
            let stream = RandomRun.streams.randomElement(using: &generator)!
            let position = Position.random(in: 0...30, using: &generator)
            let isRefusal = generator.oneIn(3)
            return (
                time, idempotency,
                { context in
                    let head = context.head(of: stream)
                    let record = context.withRecord(at: position) { "\($0.time) \($0.streams)" }
                    let moment = "\(context.nextPosition) \(context.newestTime)"
                    let seen = Array("\(moment) \(String(describing: head)) \(record ?? "")".utf8)
                    return isRefusal ? .refuse(answer: seen) : .nothing(answer: seen)
                }
            )
        }
        let event = event()
        return (time, idempotency, { _ in .append(event) })
    }

    private func event() -> NewEvent {
        let streams = RandomRun.streams.shuffled(using: &generator).prefix(Int.random(in: 1...3, using: &generator))
        let read: [Version?] = [nil, nil, nil, 0, 1, 2, 3]
        var bytes: [[UInt8]] = []
        for _ in 0..<2 {
            let count = generator.oneIn(20) ? 5_000 : Int.random(in: 0...40, using: &generator)
            bytes.append((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        }
        return NewEvent(
            streams: streams.map { ($0, read.randomElement(using: &generator)!) },
            type: UInt8.random(in: .min ... .max, using: &generator),
            schema: UInt8.random(in: .min ... .max, using: &generator),
            actor: UInt64.random(in: .min ... .max, using: &generator),
            by: UInt64.random(in: .min ... .max, using: &generator), payload: bytes[0], personal: bytes[1],
            // Account 3 has a key only if the third event makes it one.
            about: UInt64.random(in: 1...3, using: &generator))
    }
}
