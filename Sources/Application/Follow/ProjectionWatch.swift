internal import EventLog
internal import Projections
internal import Threads

/// Watches the progress of the read models from a thread of its own, because the follower's thread cannot notice that
/// it hangs.
///
/// Read models that have not stopped move together, batch by batch, so they stand still together.
final class ProjectionWatch: Sendable {
    private struct State {
        var detector = StallDetector(patience: .seconds(3))
        var rates = RateWindow(span: .seconds(5))
    }

    private let state: Guarded<State>
    private let visibility: Visibility
    private let ticker: Ticker

    /// Begins to check, once a second.
    init(
        _ log: LMDBEventLog, _ visibility: Visibility, _ states: ProjectionStates, _ rebuilder: Rebuilder,
        report: @escaping @Sendable (String) -> Void
    ) {
        let state = Guarded(State())
        state.withLock { $0.rates.note(visibility.position, at: .now) }
        ticker = Ticker(name: "watch", every: .seconds(1)) {
            let position = visibility.position
            let head = log.head.position
            let running = ReadModel.allCases.filter { !states.isStopped($0) }
            // Read models that stopped have said why. While the first generation is being built, there are no read
            // models yet.
            let hasNone = running.isEmpty || position == 0 && rebuilder.status.isRunning
            let news = state.withLock { state in
                state.rates.note(position, at: .now)
                return state.detector.look(at: position, head: hasNone ? position : head, now: .now)
            }
            let names = running.map(\.name).joined(separator: ", ")
            switch news {
            case .standsStill(let position, let duration):
                let reason = visibility.obstacle ?? "nothing tells why"
                report(
                    "the read models \(names) have stood still at position \(position) for \(duration.inSeconds), "
                        + "though the log is at \(head): \(reason)")
            case .goesOn(let duration):
                report("the read models \(names) go on, after they stood still for \(duration.inSeconds)")
            case nil: break
            }
        }
        self.state = state
        self.visibility = visibility
    }

    /// Whether the read models that have not stopped stand still although the log is ahead of them.
    var isStalled: Bool { state.withLock { $0.detector.isStalled } }

    /// How many events they took in a second recently.
    var rate: Double { state.withLock { $0.rates.rate(to: visibility.position, at: .now) } }

    /// Ends the thread. Blocks for less than a moment.
    func stop() { ticker.stop() }
}

extension Duration {
    /// As people read it: `4 s`.
    fileprivate var inSeconds: String { "\(Int((self / .seconds(1)).rounded())) s" }
}

/// Compares two positions again and again, and tells whether the read models stand still although the log is ahead of
/// them.
struct StallDetector {
    /// A change that a check noticed.
    enum News: Equatable {
        /// The read models have not moved for a while.
        case standsStill(at: UInt64, for: Duration)
        /// They move again.
        case goesOn(after: Duration)
    }

    private let patience: Duration
    private var position: UInt64 = 0
    /// When they were first seen at this position with the log ahead; `nil` while they move or are not behind.
    private var since: ContinuousClock.Instant?

    /// Whether they stand still.
    private(set) var isStalled = false

    /// - Parameter patience: how long they may be behind without moving.
    init(patience: Duration) { self.patience = patience }

    /// Looks.
    ///
    /// - Parameters:
    ///   - position: where the read models are.
    ///   - head: where the log is.
    mutating func look(at position: UInt64, head: UInt64, now: ContinuousClock.Instant) -> News? {
        guard position == self.position, position < head, let since else {
            let before = since
            self.position = position
            since = position < head ? now : nil
            guard isStalled, let before else { return nil }
            isStalled = false
            return .goesOn(after: now - before)
        }
        guard !isStalled, now - since >= patience else { return nil }
        isStalled = true
        return .standsStill(at: position, for: now - since)
    }
}

/// How fast a position has grown recently.
struct RateWindow {
    private let span: Duration
    /// Oldest first. The first one is as old as the span, or the oldest that there is.
    private var samples: [(time: ContinuousClock.Instant, position: UInt64)] = []

    /// - Parameter span: how long "recently" is.
    init(span: Duration) { self.span = span }

    /// Notes a position.
    mutating func note(_ position: UInt64, at now: ContinuousClock.Instant) {
        samples.append((now, position))
        while samples.count > 2, now - samples[1].time >= span { samples.removeFirst() }
    }

    /// The growth in a second, up to the position now; 0 when nothing was noted before.
    func rate(to position: UInt64, at now: ContinuousClock.Instant) -> Double {
        guard let oldest = samples.first, now > oldest.time, position > oldest.position else { return 0 }
        return Double(position - oldest.position) / ((now - oldest.time) / .seconds(1))
    }
}
