internal import EventLog
internal import Glibc
internal import LMDB
internal import Microblog
internal import Projections
internal import Threads

/// Follows the log and brings the read models up to it, for ever.
///
/// There is one way for an event into the read models: it is read from the log after it is durable. So catching up after
/// a crash, a rebuild and the live case are the same code, and differ in the size of the batches alone.
actor LogFollower {
    private let log: LMDBEventLog
    private let store: ViewStore
    private let states: ProjectionStates
    private let visibility: Visibility
    private let sweeper: MediaSweeper
    private let report: @Sendable (String) -> Void
    private let threads: [ThreadExecutor]
    private var position: UInt64

    nonisolated var unownedExecutor: UnownedSerialExecutor { threads[0].asUnownedSerialExecutor() }

    /// Bounds the memory of a batch: some 300 bytes an event, and what the projectors make of it.
    private static let batchLimit = 50_000
    /// From so many waiting events on, two threads share the work.
    private static let bulk = 10_000

    init(
        _ log: LMDBEventLog, _ store: ViewStore, from position: UInt64, states: ProjectionStates,
        visibility: Visibility, sweeper: MediaSweeper, on threads: [ThreadExecutor],
        report: @escaping @Sendable (String) -> Void
    ) {
        self.log = log
        self.store = store
        self.position = position
        self.states = states
        self.visibility = visibility
        self.sweeper = sweeper
        self.threads = threads
        self.report = report
    }

    /// Runs until the log is closed and all of it is projected, or until an event cannot be read.
    func run() async {
        await follow()
        visibility.end()
    }

    private func follow() async {
        while log.head.position > position + UInt64(Self.bulk) {
            let projection = Projection(store, LogEvents(log), from: position, on: threads, states: states)
            guard await step(projection) else { return }
        }
        // What is left of the backlog is small now, but deletions in it were not looked at one by one.
        while log.head.position > position {
            guard await step(Projection(store, LogEvents(log), from: position, on: threads, states: states)) else {
                return
            }
        }
        sweeper.sweepEverything()
        let projection = Projection(store, LogEvents(log), from: position, on: [threads[0]], states: states)
        while log.wait(after: position) != nil {
            guard await step(projection, sweeps: true) else { return }
        }
    }

    /// Projects one batch.
    ///
    /// - Returns: whether to go on.
    private func step(_ projection: Projection, sweeps: Bool = false) async -> Bool {
        while true {
            do {
                let batch = try nextBatch()
                let freed = sweeps ? try store.read { try batch.contentsAtRisk($0) } : []
                try await projection.apply(batch)
                for stopped in states.all where stopped.position == position { report("\(stopped)") }
                position = batch.end
                visibility.advance(to: position)
                if !freed.isEmpty { sweeper.sweep(freed) }
                return true
            } catch let error as LMDBError where !error.isCorruption && !error.needsReopening {
                // Most likely the disk is full. What is durable stays so, and is shown once there is room.
                let obstacle = "the read models cannot be written: \(error)"
                if visibility.hold(because: obstacle) { report("\(obstacle); trying again until they can") }
                if log.isClosed {
                    stop(because: obstacle)
                    return false
                }
                sleep(1)
            } catch {
                // Nothing after an unreadable event may be shown; a newer program, or a restored log, goes on from here.
                stop(because: "\(error)")
                report("the read models stop at position \(position): \(error)")
                return false
            }
        }
    }

    /// Lets it be known that the read models come no further; above all to the sweeper, for which a file that they do not
    /// show would be one that nothing refers to.
    private func stop(because reason: String) {
        for model in ReadModel.allCases { states.stop(model, at: position, because: reason) }
    }

    private func nextBatch() throws -> EventBatch {
        var events: [RecordedEvent] = []
        do {
            _ = try log.read(after: position, limit: Self.batchLimit) { events.append(try RecordedEvent($0)) }
        } catch {
            // What could be read comes first; the error comes again when the batch would begin with it.
            if events.isEmpty { throw error }
        }
        return EventBatch(events)
    }
}
