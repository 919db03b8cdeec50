internal import CLinux
import Glibc
import Threads

/// The part of a loop that other threads may use, to send work and to read counters.
public final class LoopInbox: Sendable {
    /// Place among the server's loops, from 0.
    let index: Int
    let counters = LoopCounters()

    /// An eventfd on which the loop waits beside its sockets.
    let wake: Int32
    private let waiting = Guarded(Waiting())

    init(index: Int = 0) {
        self.index = index
        wake = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        precondition(wake >= 0, "cannot make an eventfd: \(String(cString: strerror(errno)))")
    }

    deinit {
        Glibc.close(wake)
    }

    /// Runs a closure on the loop's thread, soon.
    ///
    /// - Returns: `false` when the loop has ended; the closure is then dropped.
    @discardableResult
    public func post(_ body: @escaping @Sendable () -> Void) -> Bool {
        put(.run(body))
    }

    /// Only the first job wakes the loop. The loop then takes everything that has gathered.
    @discardableResult
    func put(_ job: LoopJob) -> Bool {
        let (isTaken, isFirst) = waiting.withLock { waiting in
            guard !waiting.isClosed else { return (false, false) }
            waiting.jobs.append(job)
            return (true, waiting.jobs.count == 1)
        }
        if isFirst { eventfd_write(wake, 1) }
        return isTaken
    }

    /// Takes everything that waits and leaves `empty` in its place, so that its memory is used again.
    func takeJobs(into empty: inout [LoopJob]) {
        var count: eventfd_t = 0
        eventfd_read(wake, &count)
        waiting.withLock { swap(&$0.jobs, &empty) }
    }

    /// Refuses further jobs and drops the waiting ones.
    func close() {
        var dropped: [LoopJob] = []
        waiting.withLock { waiting in
            waiting.isClosed = true
            swap(&waiting.jobs, &dropped)
        }
    }

    private struct Waiting {
        var jobs: [LoopJob] = []
        var isClosed = false
    }
}

/// Work that another thread sent to a loop.
enum LoopJob: @unchecked Sendable {
    // because exchanges and answers are only carried here; they are touched on the loop's thread alone.
    case run(@Sendable () -> Void)
    case resume(Exchange, @Sendable (Exchange) -> Void)
    case cutOff(WaitingAnswer)
    case stop
}
