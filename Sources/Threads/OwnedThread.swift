internal import Glibc

/// A thread that belongs to whoever made it, for work that blocks: LMDB writes, file syncs, event loops.
///
/// Why not the Swift pool: it has one thread a core, so two blocked jobs would stop every other actor on a small
/// machine. An `OwnedThread` runs its body once and must be joined before its owner goes away.
public final class OwnedThread: Sendable {
    private let handle: Guarded<pthread_t?>

    /// Starts the thread at once.
    ///
    /// - Parameters:
    ///   - name: what `top -H` and debuggers show; the kernel keeps the first 15 bytes.
    ///   - body: runs once on the new thread.
    public init(name: String, _ body: @escaping @Sendable () -> Void) {
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                let start = Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
                OwnedThread.nameThisThread(start.name)
                start.body()
                return nil
            }, start.toOpaque())
        precondition(code == 0, "cannot start thread \(name): \(String(cString: strerror(code)))")
        handle = Guarded(thread)
    }

    /// Waits until the body has returned. Later calls return at once.
    ///
    /// The thread itself cannot wait for its own end (it may get here when it drops the last reference to its owner):
    /// then it is only let go, and its body must return soon.
    public func join() {
        guard let thread = handle.withLock({ $0.take() }) else { return }
        if pthread_equal(thread, pthread_self()) != 0 {
            pthread_detach(thread)
        } else {
            pthread_join(thread, nil)
        }
    }

    /// Through /proc because `pthread_setname_np` and `prctl` are hidden from Swift; a name is only a comfort, so
    /// failures are passed over.
    private static func nameThisThread(_ name: String) {
        guard let file = fopen("/proc/thread-self/comm", "w") else { return }
        fputs(String(name.prefix(15)), file)
        fclose(file)
    }

    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}

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
