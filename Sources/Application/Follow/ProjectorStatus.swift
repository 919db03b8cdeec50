internal import Clocks
internal import EventLog
public import Microblog
public import Projections

/// The door for monitoring: the state of the read models.
extension Martlet {
    /// Whether queries show at least everything that was in the log when it was opened.
    public var isCaughtUp: Bool { visibility.position >= positionAtStart }

    /// Whether every query can be answered.
    public var isReady: Bool { isCaughtUp && !states.isAnyStopped }

    /// Whether any read model stands still. It is cheap enough to read on every request.
    public var isAnyStopped: Bool { states.isAnyStopped }

    /// All read models that stand still, and why.
    public var stopped: [ProjectionStates.Stopped] { states.all }

    /// Why a read model stands still; `nil` while it does not.
    public func stopped(_ model: ReadModel) -> ProjectionStates.Stopped? { states.state(of: model) }

    /// The state of all projectors.
    public var projectors: [ProjectorStatus] {
        // The log is read last, so that it never seems to be behind them.
        let visible = visibility.position
        let stopped = states.all
        let rate = live?.watch.rate ?? 0
        let newest = newest
        return ReadModel.allCases.map { model in
            let obstacle = stopped.first { $0.model == model }
            let position = obstacle?.position ?? visible
            let lag = newest.position - min(position, newest.position)
            return ProjectorStatus(
                model: model, state: state(obstacle, at: position, isBehind: lag > 0), position: position,
                lagEvents: lag, lag: age(after: position),
                rate: obstacle == nil ? rate : 0)
        }
    }

    /// The state of the last rebuild.
    public var rebuildStatus: RebuildStatus { live?.rebuilder.status ?? .none }

    /// Begins to build all read models again, beside the ones in use. These go on until the new ones take their place.
    public func beginRebuild() throws(RebuildRefusal) {
        guard let live else { throw .notFollowing("this server shows the past") }
        try live.rebuilder.begin()
    }

    private func state(
        _ obstacle: ProjectionStates.Stopped?, at position: UInt64, isBehind: Bool
    ) -> ProjectorStatus.State {
        if case .running(_, let progress) = rebuildStatus {
            if let obstacle { return .rebuilding(progress.part, reason: obstacle.reason) }
            if position == 0, !isCaughtUp {
                return .rebuilding(progress.part, reason: "there was nothing that could go on")
            }
        }
        if let obstacle { return .stopped(reason: obstacle.reason) }
        // The watch checks only now and then. A read model that has reached the log since then does not stand still any
        // more.
        guard let live, isBehind, live.watch.isStalled else { return .live }
        return .stalled(reason: visibility.obstacle ?? "nothing tells why; see what the program wrote")
    }

    /// How old the event after a position is.
    private func age(after position: UInt64) -> Duration {
        guard let log, log.head.position > position else { return .zero }
        // An event that cannot be read is at least as old as the newest.
        let time = (try? log.withRecord(at: position + 1) { $0.time }) ?? nil
        return .milliseconds(max(0, WallClock.milliseconds - (time ?? log.head.time)))
    }
}

/// The state of a projector and of its read model.
public struct ProjectorStatus: Sendable {
    /// What a projector does.
    public enum State: Sendable, Equatable {
        /// It takes in events as they come. Its read model answers.
        case live
        /// Its read model answers only when the next generation is ready: the part that is built, from 0 to 1, and the
        /// reason.
        case rebuilding(Double, reason: String)
        /// It does not go on, and its read model does not answer: the reason.
        case stopped(reason: String)
        /// It should take in events and does not: the reason, if it is known.
        case stalled(reason: String)

        /// One word for it.
        public var name: String {
            switch self {
            case .live: "live"
            case .rebuilding: "rebuilding"
            case .stopped: "stopped"
            case .stalled: "stalled"
            }
        }

        /// Why it is not live; `nil` if it is.
        public var reason: String? {
            switch self {
            case .live: nil
            case .rebuilding(_, let reason), .stopped(let reason), .stalled(let reason): reason
            }
        }

        /// The words that a state can have.
        public static let names = ["live", "rebuilding", "stopped", "stalled"]
    }

    /// The read model that it keeps.
    public let model: ReadModel
    /// What it does.
    public let state: State
    /// The last event that its read model reflects.
    public let position: UInt64
    /// How many durable events come after that.
    public let lagEvents: UInt64
    /// The age of the oldest of them; zero if there are none. The age follows the event's own time, so imported events
    /// are old.
    public let lag: Duration
    /// How many events it took in a second, over the last five seconds or so.
    public let rate: Double
}

extension Martlet {
    /// How many events of each type there are, in the order of the types' codes. Reads the whole log.
    public func eventsByType() throws -> [(type: EventType, count: Int)] {
        var counts = [Int](repeating: 0, count: 256)
        var position: UInt64 = 0
        while let log, position < log.head.position {
            position += UInt64(try log.read(after: position, limit: 65_536) { counts[Int($0.type)] += 1 })
        }
        return EventType.all.map { ($0, counts[Int($0.code)]) }
    }
}
