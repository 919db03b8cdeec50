public import Projections

/// How a projector, and the read model that it keeps, is doing.
public struct ProjectorStatus: Sendable {
    /// What a projector does.
    public enum State: Sendable, Equatable {
        /// It takes in events as they come; its read model answers.
        case live
        /// Its read model answers only when the next generation is there: the part that is built, from 0 to 1, and why.
        case rebuilding(Double, reason: String)
        /// It goes no further, and its read model does not answer: why.
        case stopped(reason: String)
        /// It should take in events and does not: what is in the way, as far as anybody knows.
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
    /// Durable events after that.
    public let lagEvents: UInt64
    /// The age of the oldest of them; zero if there are none. By the event's own time, so what was imported is old.
    public let lag: Duration
    /// Events that it took in a second, over the last five or so.
    public let rate: Double
}
