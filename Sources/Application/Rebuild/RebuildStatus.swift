public import Microblog

/// The state of the rebuild of a running server's read models.
public enum RebuildStatus: Sendable {
    /// No rebuild was asked for since the start.
    case none
    /// One has been running since this time.
    case running(since: Timestamp, RebuildProgress)
    /// The last one is in use.
    case done(since: Timestamp, RebuildReport, swap: Duration)
    /// The last one was given up, and the generation before it is still in use: why.
    case failed(since: Timestamp, reason: String)

    /// Whether one is running.
    public var isRunning: Bool {
        if case .running = self { true } else { false }
    }

    /// When it began.
    public var start: Timestamp? {
        switch self {
        case .none: nil
        case .running(let start, _), .done(let start, _, _), .failed(let start, _): start
        }
    }

    /// One word for it.
    public var name: String {
        switch self {
        case .none: "none"
        case .running: "running"
        case .done: "done"
        case .failed: "failed"
        }
    }

    /// All the words.
    public static let names = ["none", "running", "done", "failed"]
}

/// How far a rebuild has come.
public struct RebuildProgress: Sendable {
    /// The part that is done, from 0 to 1.
    public let part: Double
    /// How many events it takes in, without the events that came since it began.
    public let events: UInt64
    /// How long it has been running.
    public let duration: Duration

    /// How much longer it will take at the present speed; `nil` when nothing is known yet.
    public var remaining: Duration? {
        part > 0.01 ? .seconds(duration / .seconds(1) * (1 / part - 1)) : nil
    }
}

/// Why a rebuild of the read models does not begin.
public enum RebuildRefusal: Error, Sendable, CustomStringConvertible {
    /// One is under way.
    case underWay
    /// Nothing follows the log any more, so the result could not be put into use.
    case notFollowing(String)

    /// One line for people.
    public var description: String {
        switch self {
        case .underWay: "a rebuild of the read models is under way"
        case .notFollowing(let reason): "the read models cannot be rebuilt: \(reason)"
        }
    }
}
