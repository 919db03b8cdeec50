import Threads

@testable import HTTPServer

/// A loop without sockets and without time of its own: a test says what comes in and how late it is.
final class DrivenLoop {
    let shared: ConnectionLoop
    let record = TestRecord()
    let budget: AnswerBudget
    private var jobs: [LoopJob] = []

    init(_ change: (inout ServerConfiguration) -> Void = { _ in }, budget: AnswerBudget? = nil) {
        var configuration = ServerConfiguration(address: ListenAddress(host: .any, port: 0))
        change(&configuration)
        let record = record
        self.budget = budget ?? AnswerBudget(limit: configuration.answerMemory)
        shared = ConnectionLoop(configuration, inbox: LoopInbox(), budget: self.budget, now: 1_000_000) { _ in
            TestHandler(record)
        }
    }

    var counters: ServerCounters {
        var counters = ServerCounters()
        counters.add(shared.inbox.counters)
        return counters
    }

    /// Lets time pass, and tells the connections whose time is up.
    func pass(_ milliseconds: UInt64) {
        shared.now += milliseconds
        shared.deadlines.expire(shared.limits, at: shared.now)
    }

    /// Does what was sent to the loop, as the event loop does.
    func runJobs() {
        shared.inbox.takeJobs(into: &jobs)
        for job in jobs {
            switch job {
            case .run(let body): body()
            case .resume(let exchange, let body) where exchange.stage == .suspended:
                exchange.connection.resume(exchange, body)
            case .resume: break
            case .cutOff(let answer): answer.connection.cutOff(answer)
            case .stop: shared.isStopping = true
            }
        }
        jobs = []
    }

    /// The right to answer the request that was suspended last.
    func suspension() -> Suspension? { record.suspensions.take()?.last }
}
