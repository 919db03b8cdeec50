import EventLog
import TestSupport
import Threads

/// A log of made-up events: several streams an event, versions, times, idempotency keys, answers, large payloads.
struct RandomHistory {
    let seed: UInt64

    /// Writes a log, some proposals to a commit.
    func write(_ directory: String, proposals: Int) throws {
        var generator = SplitMix64(seed: seed)
        try withLMDBLog(directory) { log in
            var left = proposals
            while left > 0 {
                let count = min(left, Int.random(in: 1...12, using: &generator))
                _ = log.proposeTogether((0..<count).map { _ in proposal(&generator) })
                left -= count
            }
        }
    }

    private func proposal(_ generator: inout SplitMix64) -> (Int64, Idempotency?, Decision) {
        let time = Int64.random(in: 0...10_000, using: &generator)
        var idempotency: Idempotency?
        if generator.oneIn(2) {
            idempotency = .key(
                String(UInt16.random(in: .min ... .max, using: &generator)), of: .random(in: 0...3, using: &generator))
        }
        if generator.oneIn(5) {
            return (time, idempotency, .nothing(answer: bytes(5, &generator)))
        }
        let streams = (0..<40).map { "stream/\($0)" }.shuffled(using: &generator)
            .prefix(Int.random(in: 1...4, using: &generator))
        let size = generator.oneIn(20) ? 6_000 : Int.random(in: 0...60, using: &generator)
        return (
            time, idempotency,
            .append(
                NewEvent(
                    streams: streams.map { (StreamName($0), nil) }, type: .random(in: 1...9, using: &generator),
                    actor: .random(in: 0...9, using: &generator), payload: bytes(size, &generator),
                    personal: bytes(9, &generator), about: 1))
        )
    }

    private func bytes(_ count: Int, _ generator: inout SplitMix64) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}

extension EventLog {
    /// Proposes several at once, with times and keys, and waits for all.
    func proposeTogether(_ proposals: [(Int64, Idempotency?, Decision)]) -> [Result<Outcome, LogError>] {
        let answers = Answers()
        for (time, idempotency, decision) in proposals {
            submit(Proposal(time: time, idempotency: idempotency, decide: { _ in decision }) { answers.put($0) })
        }
        return answers.take(count: proposals.count)
    }
}
