internal import EventLog
internal import Glibc
internal import LMDB
internal import Microblog
internal import Projections
internal import Threads

/// Follows the log and brings the read models in use up to it, until the log is closed.
///
/// A new event comes in memory, through the ``EventRelay``, and is projected while it is on its way to the disk; its rows
/// are published when it is durable, and not before. What did not come so is read from the log. Both are batches for the
/// same projectors, so both have the same rules.
actor LogFollower {
    private let log: LMDBEventLog
    private let relay: EventRelay
    private let source: LogEvents
    private let generations: ViewGenerations
    private let rebuilder: Rebuilder
    private let states: ProjectionStates
    private let visibility: Visibility
    private let sweeper: MediaSweeper
    private let report: @Sendable (String) -> Void
    private let threads: [ThreadExecutor]
    private var position: UInt64

    nonisolated var unownedExecutor: UnownedSerialExecutor { threads[0].asUnownedSerialExecutor() }

    /// Limits the memory of a batch: some 300 bytes for each event, and what the projectors make from it.
    static let batchLimit = 50_000
    /// With at least this many waiting events, two threads share the work, and a rebuild from the beginning is worth
    /// it.
    private static let bulk = 10_000

    init(
        _ log: LMDBEventLog, _ relay: EventRelay, _ generations: ViewGenerations, _ rebuilder: Rebuilder,
        states: ProjectionStates, visibility: Visibility, sweeper: MediaSweeper, on threads: [ThreadExecutor],
        report: @escaping @Sendable (String) -> Void
    ) {
        self.log = log
        self.relay = relay
        source = LogEvents(log, log.keys)
        self.generations = generations
        self.rebuilder = rebuilder
        self.states = states
        self.visibility = visibility
        self.sweeper = sweeper
        self.threads = threads
        self.report = report
        position = generations.position
    }

    /// Runs until the log is closed and all of it is projected, or until an event cannot be read.
    func run() async {
        await follow()
        visibility.end()
        rebuilder.refuseOffers()
    }

    private func follow() async {
        if position == 0, log.head.position > Self.bulk {
            // There are no read models that could answer meanwhile. If this fails, the slow way finds the event that is
            // the reason.
            await rebuilder.buildFirst()
            if log.isClosed, rebuilder.offer == nil { return }
            await adoptOffer()
        }
        while log.head.position > position + UInt64(Self.bulk) {
            guard await step(projection(on: threads)) else { return }
        }
        // The rest of the backlog is small now, but its deletions were not looked at one by one.
        while log.head.position > position {
            guard await step(projection(on: threads)) else { return }
        }
        sweeper.sweepEverything()
        var projection = projection(on: [threads[0]])
        while true {
            let next = relay.next(after: position)
            if rebuilder.offer != nil {
                await adoptOffer()
                projection = self.projection(on: [threads[0]])
            }
            switch next {
            case .frames(let frames):
                // The generation in use may have become a later one just now.
                guard frames[0].positions.lowerBound == position + 1 else { continue }
                guard await step(projection, frames, sweeps: true) else { return }
            case .log:
                guard log.head.position > position else { continue }
                guard await step(projection, sweeps: true) else { return }
            case .woken: continue
            case .end: return
            }
        }
    }

    private func projection(on threads: [ThreadExecutor]) -> Projection {
        Projection(generations.store, source, from: position, on: threads, states: states)
    }

    /// If the rebuilder offers a generation, puts it in place of the one in use.
    ///
    /// It is a few events behind at most, and catches up here, where nothing else is projected meanwhile. So queries do
    /// not see a position twice, and they do not miss one. Meanwhile new writes are not shown; queries do not wait.
    private func adoptOffer() async {
        guard let offer = rebuilder.offer else { return }
        let start = ContinuousClock.now
        do {
            try await offer.catchUp(to: position, from: source, on: [threads[0]])
            generations.exchange(for: offer.generation)
            // Events that were skipped here, or that came while a read model stood still, may have freed files.
            if offer.position > position || states.isAnyStopped { sweeper.sweepEverything() }
            position = max(position, offer.position)
            states.clear()
            visibility.advance(to: position)
            rebuilder.conclude(.success(.now - start))
        } catch {
            rebuilder.conclude(.failure(error))
        }
    }

    /// Projects one batch.
    ///
    /// - Parameter frames: what is next, if it came in memory. The last one may not be durable yet.
    /// - Returns: whether to go on.
    private func step(
        _ projection: Projection, _ frames: [EventRelay.Frame] = [], sweeps: Bool = false
    ) async -> Bool {
        while true {
            do {
                let batch = try batch(frames)
                let mayFree = sweeps && batch.deletesPosts
                let freed = mayFree ? try generations.read { try batch.contentsAtRisk($0) } : []
                try await projection.apply(batch) { [relay] in
                    // Nobody reads what may vanish.
                    if let last = frames.last, !relay.end(of: last) { throw VanishedFrame() }
                }
                for stopped in states.all where stopped.position == position && !stopped.isBeingRebuilt {
                    report("\(stopped)")
                }
                position = batch.end
                visibility.advance(to: position)
                if !freed.isEmpty { sweeper.sweep(freed) }
                return true
            } catch is VanishedFrame {
                return true
            } catch let error as LMDBError where !error.isCorruption && !error.needsReopening {
                // Most likely the disk is full. What is durable stays durable, and is shown once there is room.
                let obstacle = "the read models cannot be written: \(error)"
                if visibility.hold(because: obstacle) { report("\(obstacle); trying again until they can") }
                if log.isClosed {
                    stop(because: obstacle)
                    return false
                }
                // A new generation may fit although the old one, with its gaps, has become too large.
                if rebuilder.offer != nil { return true }
                sleep(1)
            } catch {
                // Nothing after an unreadable event may be shown. A newer program, or a restored log, goes on from
                // here.
                stop(because: "\(error)")
                report("the read models stop at position \(position): \(error)")
                return false
            }
        }
    }

    private func batch(_ frames: [EventRelay.Frame]) throws -> EventBatch {
        let events = frames.flatMap { $0.events ?? [] }
        return events.isEmpty
            ? try EventBatch(after: position, of: source, limit: Self.batchLimit) : EventBatch(events)
    }

    /// A frame did not end durable, so its events never happened.
    private struct VanishedFrame: Error {}

    /// Notes that the read models will not come further. This matters most to the sweeper: it takes a file that they do
    /// not show for one that nothing refers to.
    private func stop(because reason: String) {
        for model in ReadModel.allCases { states.stop(model, at: position, because: reason) }
    }
}
