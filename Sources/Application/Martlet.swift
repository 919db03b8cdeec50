internal import EventLog
public import Microblog
public import Projections
internal import Threads

/// All of Martlet behind one door: executes commands, and shows the read models that queries read.
///
/// It owns the log, the projection and the media of one data directory. ``close()`` it before the process ends: that is
/// quicker at the next start, though nothing is lost without it.
public final class Martlet: Sendable {
    /// Where everything is stored.
    public let directory: DataDirectory
    /// The read models that queries read; see ``ViewReader``.
    public let views: ViewGenerations
    /// How far the read models have come.
    public let visibility: Visibility
    /// Which read models stand still.
    public let states = ProjectionStates()
    /// Uploaded files.
    public let media: MediaStore
    /// Makes uploads durable, off the callers' threads.
    public let intake: MediaIntake
    /// The limits of the rules.
    public let limits: Limits
    /// The log's newest position when this process opened it: until queries reflect it they show the past.
    public let positionAtStart: UInt64

    let log: LMDBEventLog
    private let sweeper: MediaSweeper
    let rebuilder: Rebuilder
    private let threads: [ThreadExecutor]
    private let following: Task<Void, Never>
    private let ending = Guarded<Task<Void, any Error>?>(nil)

    /// Opens a data directory and begins to bring the read models up to the log.
    ///
    /// - Throws: `LogError`, `LogCorruption`, `LMDBError`: why it cannot be used, and what to do.
    public init(_ directory: DataDirectory, _ configuration: MartletConfiguration = MartletConfiguration()) throws {
        let report = configuration.report
        let reportCorruption = configuration.reportCorruption
        let log = try LMDBEventLog(
            directory: directory.log, mapSize: configuration.mapSize, waitingLimit: configuration.waitingCommands,
            batchLimit: configuration.commandsPerCommit
        ) { failure in
            if case .corrupt(let corruption) = failure {
                reportCorruption("\(corruption)")
            } else {
                report("\(failure)")
            }
        }
        let head = log.head.position
        let generations = try ViewGenerations(
            directory: directory.views, log: log.identity, head: head, mapSize: configuration.mapSize)
        let media = try MediaStore(dataDirectory: directory.path)
        let visibility = Visibility(generations.position)
        let threads = [ThreadExecutor(name: "projection-0"), ThreadExecutor(name: "projection-1")]
        let sweeper = MediaSweeper(media, generations, states, report: report)
        let rebuilder = Rebuilder(log, generations, memory: configuration.rebuildMemory, report: report)
        let follower = LogFollower(
            log, generations, rebuilder, states: states, visibility: visibility, sweeper: sweeper, on: threads,
            report: report)
        self.directory = directory
        self.log = log
        self.rebuilder = rebuilder
        self.media = media
        self.visibility = visibility
        self.sweeper = sweeper
        self.threads = threads
        views = generations
        intake = MediaIntake(store: media)
        limits = configuration.limits
        positionAtStart = head
        Self.rebuildOutdated(generations, states, rebuilder)
        following = Task { await follower.run() }
    }

    /// Has what an earlier version of the program, or a projector that stopped, left behind built anew; the rest goes on.
    private static func rebuildOutdated(
        _ generations: ViewGenerations, _ states: ProjectionStates, _ rebuilder: Rebuilder
    ) {
        guard !generations.outdated.isEmpty else { return }
        let position = generations.position
        for model in generations.outdated {
            states.stop(
                model, at: position, because: "the views in use do not have it up to date", rebuilding: true)
        }
        rebuilder.begin { failure in
            for stopped in states.all where stopped.isBeingRebuilt {
                states.stop(stopped.model, at: position, because: failure)
            }
        }
    }

    /// Whether queries show at least everything that was in the log when it was opened.
    public var isCaughtUp: Bool { visibility.position >= positionAtStart }

    /// Whether every query can be answered.
    public var isReady: Bool { isCaughtUp && !states.isAnyStopped }

    /// The newest durable position and its time.
    public var newest: (position: UInt64, time: Timestamp) {
        let head = log.head
        return (head.position, Timestamp(head.time))
    }

    /// Waits until queries show all that is durable now, or the read models have stopped: ``states`` tells.
    public func catchUp() async {
        let head = log.head.position
        await withCheckedContinuation { continuation in
            visibility.when(head) { _ in continuation.resume() }
        }
    }

    /// Waits until no rebuild of the read models is under way, then until queries show all that is durable.
    public func settle() async {
        await rebuilder.idle()
        await catchUp()
    }

    /// Takes no more commands, completes those that wait, projects everything and marks the views as whole. Who calls
    /// again waits for the same end.
    public func close() async throws {
        let ending = ending.withLock { ending in
            // Not `self`: the directory must be free as soon as its owner lets go of it, not when the task does.
            let task =
                ending
                ?? Task { [intake, log, following, rebuilder, threads, sweeper, views] in
                    intake.stop()
                    log.close()
                    await following.value
                    await rebuilder.finish()
                    for thread in threads { thread.stop() }
                    sweeper.stop()
                    try views.close()
                }
            ending = task
            return task
        }
        try await ending.value
    }
}
