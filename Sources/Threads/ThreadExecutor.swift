internal import Glibc

/// A serial executor on one thread of its own: the place for actors whose work blocks.
///
/// Several actors may share one executor; a job on it may then enter any of them with `assumeIsolated`, without a hop.
public final class ThreadExecutor: SerialExecutor {
    private let jobs = Mailbox<UnownedJob>()
    private let thread: OwnedThread

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: see ``OwnedThread``.
    ///   - niceness: how far it stands back behind other threads, from 0 to 19.
    public init(name: String, niceness: Int32 = 0) {
        let jobs = self.jobs
        let reference = Reference()
        thread = OwnedThread(name: name) {
            // On Linux the priority is the calling thread's own. A refusal costs only speed.
            if niceness > 0 { setpriority(Int32(PRIO_PROCESS.rawValue), 0, niceness) }
            while let batch = jobs.take() {
                guard let executor = reference.executor else { return }
                for job in batch { job.runSynchronously(on: executor) }
            }
        }
        reference.executor = asUnownedSerialExecutor()
    }

    /// Queues a job behind those that wait. Called by the Swift runtime.
    public func enqueue(_ job: consuming ExecutorJob) {
        jobs.put(UnownedJob(job))
    }

    /// Runs what is queued, then ends the thread. No actor may be called on this executor afterwards.
    public func stop() {
        jobs.close()
        thread.join()
    }

    private final class Reference: @unchecked Sendable {
        // @unchecked because it is written once in `init`, before any job can be queued, and only read afterwards;
        // the mailbox's lock orders the two.
        var executor: UnownedSerialExecutor?
    }
}
