internal import Threads

/// Runs test bodies that block on sockets and processes on threads of their own, a few at a time.
///
/// The Swift pool has one thread a core; a blocked test on it would hold up whatever other tests have going there.
public final class BlockingThreads: TaskExecutor {
    private static let shared = BlockingThreads(count: 4)
    private let jobs = Mailbox<UnownedJob>()

    private init(count: Int) {
        for index in 0..<count {
            _ = OwnedThread(name: "test-\(index)") { [jobs] in
                while let job = jobs.take(limit: 1)?.first {
                    job.runSynchronously(on: BlockingThreads.shared.asUnownedTaskExecutor())
                }
            }
        }
    }

    /// Queues a job. Called by the Swift runtime.
    public func enqueue(_ job: consuming ExecutorJob) { jobs.put(UnownedJob(job)) }

    /// Runs a body there.
    public static func run(_ body: () async throws -> Void) async throws {
        try await withTaskExecutorPreference(shared) { try await body() }
    }
}
