internal import Glibc

/// A thread that belongs to its maker, for work that blocks: LMDB writes, file syncs, event loops.
///
/// Why not the Swift pool: it has one thread for each core, so two blocked jobs would stop every other actor on a small
/// machine. An `OwnedThread` runs its body once and must be joined before its owner goes away.
public final class OwnedThread: Sendable {
    private let handle: Guarded<pthread_t?>

    /// Starts the thread at once.
    ///
    /// - Parameters:
    ///   - name: the name in `top -H` and debuggers. The kernel keeps the first 15 bytes.
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
    /// A thread cannot wait for its own end. It may get here when it drops the last reference to its owner. Then the
    /// thread is only detached, and its body must return soon.
    public func join() {
        guard let thread = handle.withLock({ $0.take() }) else { return }
        if pthread_equal(thread, pthread_self()) != 0 {
            pthread_detach(thread)
        } else {
            pthread_join(thread, nil)
        }
    }

    /// Whether the caller runs on it, unless it was joined or detached.
    public var isThisThread: Bool { handle.withLock { $0.map { pthread_equal($0, pthread_self()) != 0 } ?? false } }

    /// Lets it end by itself: nobody will join it.
    public func detach() {
        if let thread = handle.withLock({ $0.take() }) { pthread_detach(thread) }
    }

    /// This goes through /proc, because `pthread_setname_np` and `prctl` are hidden from Swift. The name is only a
    /// convenience, so failures are ignored.
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
/// Several actors may share one executor. A job on it may then enter any of them with `assumeIsolated`, without a hop.
public final class ThreadExecutor: SerialExecutor {
    private let jobs = Mailbox<UnownedJob>()
    private let thread: OwnedThread

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: see ``OwnedThread``.
    ///   - niceness: how much priority it leaves to other threads, from 0 to 19.
    public init(name: String, niceness: Int32 = 0) {
        let jobs = self.jobs
        let reference = Reference()
        thread = OwnedThread(name: name) {
            // On Linux this sets the priority of the calling thread alone. If it is refused, only speed is lost.
            if niceness > 0 { setpriority(Int32(PRIO_PROCESS.rawValue), 0, niceness) }
            while let batch = jobs.take() {
                guard let executor = reference.executor else { return }
                for job in batch { job.runSynchronously(on: executor) }
            }
        }
        reference.executor = asUnownedSerialExecutor()
    }

    /// Queues a job behind the waiting ones. The Swift runtime calls it.
    public func enqueue(_ job: consuming ExecutorJob) {
        jobs.put(UnownedJob(job))
    }

    /// Runs what is queued, then ends the thread. No actor may be called on this executor afterwards.
    public func stop() {
        jobs.close()
        thread.join()
    }

    private final class Reference: @unchecked Sendable {
        // because it is written once in `init`, before any job can be queued, and only read afterwards. The
        // mailbox's lock orders the two.
        var executor: UnownedSerialExecutor?
    }
}
