internal import EventLog
internal import Projections
internal import Threads

/// The parts that run behind a log that is being written: the follower with its threads, the rebuilder, the sweeper and
/// the watch.
final class LiveProjection: Sendable {
    let rebuilder: Rebuilder
    let watch: ProjectionWatch
    private let sweeper: MediaSweeper
    private let threads: [ThreadExecutor]
    private let following: Task<Void, Never>

    /// Begins to bring the read models up to the log.
    init(
        _ log: LMDBEventLog, _ relay: EventRelay, _ views: ViewGenerations, _ media: MediaStore,
        _ visibility: Visibility, _ states: ProjectionStates, _ configuration: MartletConfiguration
    ) {
        let report = configuration.report
        relay.begin(at: log.head.position)
        threads = [ThreadExecutor(name: "projection-0"), ThreadExecutor(name: "projection-1")]
        sweeper = MediaSweeper(media, views, states, report: report)
        rebuilder = Rebuilder(log, relay, views, memory: configuration.rebuildMemory, report: report)
        let follower = LogFollower(
            log, relay, views, rebuilder, states: states, visibility: visibility, sweeper: sweeper, on: threads,
            report: report)
        Self.rebuildOutdated(views, states, rebuilder)
        watch = ProjectionWatch(log, visibility, states, rebuilder, report: report)
        // It comes to its own thread by way of the Swift pool. Nothing is shown before it has, so it does not wait there
        // behind what others have queued.
        following = Task(priority: .high) { await follower.run() }
    }

    /// Waits until everything in the log is projected, then ends all threads. The log must be closed.
    func end() async {
        watch.stop()
        await following.value
        await rebuilder.finish()
        for thread in threads { thread.stop() }
        sweeper.stop()
    }

    /// Rebuilds the read models that an earlier version of the program built, or whose projector stopped. The others go
    /// on.
    private static func rebuildOutdated(_ views: ViewGenerations, _ states: ProjectionStates, _ rebuilder: Rebuilder) {
        guard !views.outdated.isEmpty else { return }
        let position = views.position
        for model in views.outdated {
            states.stop(
                model, at: position, because: "the views in use do not have it up to date", rebuilding: true)
        }
        try? rebuilder.begin { failure in
            guard let failure else { return }
            for stopped in states.all where stopped.isBeingRebuilt {
                states.stop(stopped.model, at: position, because: failure)
            }
        }
    }
}
