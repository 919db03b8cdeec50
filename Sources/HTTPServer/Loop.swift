import CMicrohttpd
import Glibc
import Threads

/// The face of one event loop that other threads may see: work can be sent to it, and its counters read.
final class Loop: Sendable {
    /// Place among the server's loops, from 0.
    let index: Int
    let counters: LoopCounters
    private let allCounters: [LoopCounters]

    /// An eventfd on which the loop waits beside its sockets.
    let wake: Int32
    private let inbox = Guarded(Inbox())

    /// - Parameter allCounters: those of all the server's loops, in their order.
    init(index: Int, allCounters: [LoopCounters]) {
        self.index = index
        self.allCounters = allCounters
        counters = allCounters[index]
        wake = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        precondition(wake >= 0, "cannot make an eventfd: \(String(cString: strerror(errno)))")
    }

    deinit {
        close(wake)
    }

    /// What the whole server has done so far: the sum over its loops.
    var serverCounters: ServerCounters {
        var sum = ServerCounters()
        for counters in allCounters { sum.add(counters) }
        return sum
    }

    /// Runs a closure on the loop's thread, soon.
    ///
    /// - Returns: `false` when the loop has ended; the closure is then dropped.
    @discardableResult
    func post(_ body: @escaping @Sendable () -> Void) -> Bool {
        put(.run(body))
    }

    /// Only the first job wakes the loop: it takes all that has gathered when it comes round.
    @discardableResult
    func put(_ job: LoopJob) -> Bool {
        let (isTaken, isFirst) = inbox.withLock { inbox in
            guard !inbox.isClosed else { return (false, false) }
            inbox.jobs.append(job)
            return (true, inbox.jobs.count == 1)
        }
        if isFirst { eventfd_write(wake, 1) }
        return isTaken
    }

    /// Takes everything that waits; `empty` goes in its place, so that its memory is used again.
    func takeJobs(into empty: inout [LoopJob]) {
        inbox.withLock { swap(&$0.jobs, &empty) }
    }

    /// Refuses further jobs and drops those that wait.
    func closeInbox() {
        var dropped: [LoopJob] = []
        inbox.withLock { inbox in
            inbox.isClosed = true
            swap(&inbox.jobs, &dropped)
        }
    }

    private struct Inbox {
        var jobs: [LoopJob] = []
        var isClosed = false
    }
}
