import EventLog
import Threads

/// Counts what was appended, and how long each commit took.
final class CommitTimes: Sendable {
    private struct State {
        var start = 0.0
        var last = 0.0
        var head: Position = 0
        var events = 0
        var times: [Double] = []
    }

    private let state = Guarded(State())

    /// Begins to count, and tells when that was.
    func start() -> Double {
        let now = Clock.now()
        state.withLock {
            $0.start = now
            $0.last = now
        }
        return now
    }

    /// Notes an outcome. All proposals of a commit are completed while the log's head is the last event of it, so the
    /// first with another head ends a commit.
    func completed(_ outcome: Result<Outcome, LogError>, head: Position) {
        guard case .success(.appended) = outcome else { fatalError("an event was not appended: \(outcome)") }
        state.withLock { state in
            if state.head != head {
                let now = Clock.now()
                state.times.append(now - state.last)
                state.last = now
                state.head = head
            }
            state.events += 1
        }
    }

    /// What was counted, as a JSON object.
    func report(processor: Double) -> String {
        let state = state.withLock { $0 }
        let times = state.times.sorted()
        func percentile(_ thousandths: Int) -> Double { times.isEmpty ? 0 : times[times.count * thousandths / 1000] }
        let fields: [(String, Double)] = [
            ("seconds", state.last - state.start), ("cpu_seconds", processor),
            ("batch", times.isEmpty ? 0 : Double(state.events) / Double(times.count)),
            ("commit_p50", percentile(500)), ("commit_p99", percentile(990)), ("commit_p999", percentile(999)),
        ]
        return "{\"events\":\(state.events),\"commits\":\(times.count),"
            + fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }
}
