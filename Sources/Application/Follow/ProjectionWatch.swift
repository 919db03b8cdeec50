internal import EventLog
internal import Projections
internal import Threads

/// Watches from a thread of its own how the read models come forward: the follower's thread cannot tell that it hangs.
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

    /// Begins to look, once a second.
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
            // Those that stopped have said why. And none is there yet while the first generation is being built.
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

    /// Whether the read models that have not stopped stand still though the log is ahead of them.
    var isStalled: Bool { state.withLock { $0.detector.isStalled } }

    /// Events that they took in a second, of late.
    var rate: Double { state.withLock { $0.rates.rate(to: visibility.position, at: .now) } }

    /// Ends the thread. Blocks for less than a moment.
    func stop() { ticker.stop() }
}

extension Duration {
    /// As people read it: `4 s`.
    fileprivate var inSeconds: String { "\(Int((self / .seconds(1)).rounded())) s" }
}
