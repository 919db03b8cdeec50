internal import Clocks
internal import EventLog
internal import Microblog
internal import Projections
internal import Threads

/// Builds the next generation of read models beside the one in use, which goes on answering. At most one is built at a
/// time.
///
/// The result is offered to the ``LogFollower``. Only the follower changes generations.
final class Rebuilder: Sendable {
    private struct State {
        var status = RebuildStatus.none
        var began = (time: Timestamp(0), instant: ContinuousClock.now, events: UInt64(0))
        var part = 0.0
        var offer: GenerationOffer?
        /// Called once the offer is taken, with the time that this took, or when it cannot be taken.
        var onTaken: (@Sendable (Result<Duration, any Error>) -> Void)?
        /// Called when something is offered, or when the rebuild failed before that.
        var onOffer: [@Sendable () -> Void] = []
        /// Called at the end, with the reason if it failed.
        var onEnd: (@Sendable (String?) -> Void)?
        /// Called after that.
        var onIdle: [@Sendable () -> Void] = []
        var task: Task<Void, Never>?
        /// The work that goes on after the end: closing the files of old generations.
        var closing: Task<Void, Never>?
        var isClosed = false

        var running: RebuildStatus {
            let duration = .now - began.instant
            return .running(since: began.time, RebuildProgress(part: part, events: began.events, duration: duration))
        }
    }

    private let log: LMDBEventLog
    private let relay: EventRelay
    private let generations: ViewGenerations
    private let memory: Int
    private let report: @Sendable (String) -> Void
    private let state = Guarded(State())

    init(
        _ log: LMDBEventLog, _ relay: EventRelay, _ generations: ViewGenerations, memory: Int,
        report: @escaping @Sendable (String) -> Void
    ) {
        self.log = log
        self.relay = relay
        self.generations = generations
        self.memory = memory
        self.report = report
    }

    /// The state of the last rebuild.
    var status: RebuildStatus {
        state.withLock { state in
            state.status.isRunning ? state.running : state.status
        }
    }

    /// A generation that is ready.
    var offer: GenerationOffer? { state.withLock { $0.offer } }

    /// Begins a rebuild.
    ///
    /// - Parameters:
    ///   - sharing: whether there is other work with a higher priority.
    ///   - onEnd: called when the result is in use, or with the reason why the rebuild failed. The rebuild counts as
    ///     running until this returns.
    func begin(sharing: Bool = true, onEnd: @escaping @Sendable (String?) -> Void = { _ in }) throws(RebuildRefusal) {
        try state.withLock { state throws(RebuildRefusal) in
            guard !log.isClosed, !state.isClosed else {
                throw .notFollowing("the log is closed, or an event in it cannot be read")
            }
            guard !state.status.isRunning else { throw .underWay }
            state.began = (Timestamp(WallClock.milliseconds), .now, log.head.position)
            state.part = 0
            state.status = state.running
            state.onEnd = onEnd
            state.task = Task { [previous = state.task] in
                await previous?.value
                await run(sharing: sharing)
            }
        }
    }

    /// Begins a rebuild if none is running, and waits until it has something to offer or has failed.
    func buildFirst() async {
        try? begin(sharing: false)
        await withCheckedContinuation { continuation in
            let isAwaited = state.withLock { state in
                guard state.status.isRunning, state.offer == nil else { return false }
                state.onOffer.append { continuation.resume() }
                return true
            }
            if !isAwaited { continuation.resume() }
        }
    }

    /// Tells how long it took to put the offer in place of the generation in use, or why this was not possible.
    func conclude(_ result: Result<Duration, any Error>) {
        let onTaken = state.withLock { state in
            state.offer = nil
            return state.onTaken.take()
        }
        onTaken?(result)
    }

    /// Gives up an offer that was not taken, because nothing follows the log any more.
    func refuseOffers() {
        state.withLock { $0.isClosed = true }
        conclude(.failure(LogError.closed))
    }

    /// Waits while a rebuild is running.
    func idle() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                guard state.status.isRunning else { return true }
                state.onIdle.append { continuation.resume() }
                return false
            }
            if isIdle { continuation.resume() }
        }
    }

    /// Waits for the end of a rebuild. A running rebuild ends early once the log is closed.
    func finish() async {
        refuseOffers()
        await state.withLock { $0.task }?.value
        await state.withLock { $0.closing }?.value
    }

    private func run(sharing: Bool) async {
        let rebuild = Rebuild(log, generations, memory: memory, sharing: sharing)
        do {
            let offer = try await rebuild.build { [self] in try note($0) }
            do {
                let swap = try await taking(offer)
                await settle(rebuild, offer, swap)
            } catch {
                await rebuild.discard(offer.generation)
                throw error
            }
        } catch {
            giveUp("\(error)")
        }
        state.withLock { state in
            state.closing = Task { [previous = state.closing] in
                await rebuild.closeRetired()
                rebuild.stop()
                await previous?.value
            }
        }
    }

    private func note(_ part: Double) throws {
        guard !log.isClosed else { throw LogError.closed }
        state.withLock { $0.part = part }
    }

    /// Offers a generation and waits until it is taken.
    ///
    /// - Returns: how long the follower was busy with it.
    private func taking(_ offer: GenerationOffer) async throws -> Duration {
        try await withCheckedThrowingContinuation { continuation in
            let (isOpen, onOffer) = state.withLock { state in
                if !state.isClosed {
                    state.offer = offer
                    state.onTaken = { continuation.resume(with: $0) }
                }
                defer { state.onOffer = [] }
                return (!state.isClosed, state.onOffer)
            }
            if !isOpen { continuation.resume(throwing: LogError.closed) }
            for onOffer in onOffer { onOffer() }
            relay.wake()
        }
    }

    private func settle(_ rebuild: Rebuild, _ offer: GenerationOffer, _ swap: Duration) async {
        let (start, instant, _) = state.withLock { $0.began }
        let done = RebuildReport(position: offer.position, duration: .now - instant)
        do {
            try await rebuild.settle()
        } catch {
            report("the rebuilt read models are in use, but a start may still find the old ones: \(error)")
        }
        end(.done(since: start, done, swap: swap), nil)
        report("the read models were rebuilt up to position \(done.position) in \(done.duration)")
    }

    private func giveUp(_ reason: String) {
        end(.failed(since: state.withLock { $0.began.time }, reason: reason), reason)
        if !log.isClosed { report("the rebuild of the read models was given up: \(reason)") }
    }

    private func end(_ status: RebuildStatus, _ obstacle: String?) {
        // This comes first: when a caller sees that the rebuild has ended, `onEnd` must have run. It runs outside the
        // lock, because it may ask for the status.
        state.withLock { $0.onEnd.take() }?(obstacle)
        let (onOffer, onIdle) = state.withLock { state in
            state.status = status
            defer { (state.onOffer, state.onIdle) = ([], []) }
            return (state.onOffer, state.onIdle)
        }
        for onOffer in onOffer { onOffer() }
        for onIdle in onIdle { onIdle() }
    }
}
