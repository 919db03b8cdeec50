internal import EventLog
internal import LMDB
internal import Projections
internal import Threads

/// Builds the next generation of read models beside the one in use, which goes on serving.
///
/// It reads the log like everybody else, on threads that stand back behind those that answer. What it built is offered to
/// the ``LogFollower``, which alone changes generations.
final class Rebuilder: Sendable {
    private struct State {
        var status = RebuildStatus.none
        var offer: GenerationOffer?
        var building: ViewGeneration?
        var start = ContinuousClock.now
        var task: Task<Void, Never>?
        /// Called at the end, with what was in the way if it was given up.
        var waiting: [@Sendable (String?) -> Void] = []
        var isClosed = false
    }

    private let log: LMDBEventLog
    private let generations: ViewGenerations
    private let memory: Int
    private let report: @Sendable (String) -> Void
    private let state = Guarded(State())

    /// What may be missing when a generation is offered: so much is projected in some milliseconds.
    private static let nearly = 256

    init(
        _ log: LMDBEventLog, _ generations: ViewGenerations, memory: Int, report: @escaping @Sendable (String) -> Void
    ) {
        self.log = log
        self.generations = generations
        self.memory = memory
        self.report = report
    }

    /// What has become of the last rebuild.
    var status: RebuildStatus { state.withLock { $0.status } }

    /// A generation that is ready.
    var offer: GenerationOffer? { state.withLock { $0.offer } }

    /// Begins a rebuild, unless one is under way or the log is closed.
    ///
    /// - Parameter onFailure: called with the reason if it is given up.
    /// - Returns: whether it began.
    @discardableResult
    func begin(onFailure: @escaping @Sendable (String) -> Void = { _ in }) -> Bool {
        guard enter({ if let failure = $0 { onFailure(failure) } }) else { return false }
        let task = Task { [self] in
            await build(sharing: true)
            if offer != nil { log.wakeWaiter() }
        }
        state.withLock { $0.task = task }
        return true
    }

    /// Builds a generation and returns when it is offered, or was given up.
    ///
    /// - Parameter sharing: whether there is other work, behind which this one stands back.
    func run(sharing: Bool) async {
        guard enter({ _ in }) else { return }
        await build(sharing: sharing)
    }

    /// Ends the rebuild that is offered: it is in use, or could not be taken.
    func conclude(_ failure: (any Error)?) {
        let offer = state.withLock { state in
            defer { state.offer = nil }
            return state.offer
        }
        guard let offer else { return }
        if let failure {
            giveUp(offer.generation, "\(failure)")
        } else {
            let done = state.withLock { state in
                let done = ReplayReport(position: offer.position, duration: .now - state.start)
                state.status = .done(done)
                defer { state.waiting = [] }
                return (report: done, waiting: state.waiting)
            }
            for onEnd in done.waiting { onEnd(nil) }
            report("the read models were rebuilt up to position \(done.report.position) in \(done.report.duration)")
        }
    }

    /// Gives up what was not taken: nobody follows the log any more.
    func refuseOffers() {
        state.withLock { $0.isClosed = true }
        conclude(LogError.closed)
    }

    /// Waits while a rebuild is under way.
    func idle() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                guard case .running = state.status else { return true }
                state.waiting.append { _ in continuation.resume() }
                return false
            }
            if isIdle { continuation.resume() }
        }
    }

    /// Waits for the end of a rebuild; one that is under way ends early once the log is closed.
    func finish() async {
        await state.withLock { $0.task }?.value
        refuseOffers()
    }

    private func enter(_ onEnd: @escaping @Sendable (String?) -> Void) -> Bool {
        state.withLock { state in
            if case .running = state.status { return false }
            guard !log.isClosed, !state.isClosed else { return false }
            state.status = .running(0)
            state.start = .now
            state.waiting = [onEnd]
            return true
        }
    }

    private func build(sharing: Bool) async {
        let threads = ReplayThreads(niceness: sharing ? 10 : 0)
        defer { threads.stop() }
        var generation: ViewGeneration?
        do {
            let next = try generations.begin()
            generation = next
            let head = log.head.position
            try await LogReplay.build(next.store, from: log, until: head, memory: memory, on: threads) { [self] in
                try note($0)
            }
            let offer = GenerationOffer(next, at: head)
            while log.head.position > offer.position + UInt64(Self.nearly) {
                try note(1)
                try await offer.catchUp(to: log.head.position, from: log, on: [threads.projecting])
            }
            let isTaken = state.withLock { state in
                if !state.isClosed { state.offer = offer }
                return !state.isClosed
            }
            if !isTaken { throw LogError.closed }
        } catch {
            giveUp(generation, "\(error)")
        }
    }

    private func note(_ progress: Double) throws {
        guard !log.isClosed else { throw LogError.closed }
        state.withLock { $0.status = .running(progress) }
    }

    private func giveUp(_ generation: ViewGeneration?, _ reason: String) {
        if let generation { generations.discard(generation) }
        let waiting = state.withLock { state in
            state.status = .failed(reason)
            defer { state.waiting = [] }
            return state.waiting
        }
        if !log.isClosed { report("the rebuild of the read models was given up: \(reason)") }
        for onEnd in waiting { onEnd(reason) }
    }
}
