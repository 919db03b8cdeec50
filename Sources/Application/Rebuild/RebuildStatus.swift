public import Microblog

/// What the rebuild of a running server's read models is about.
public enum RebuildStatus: Sendable {
    /// None was asked for since the start.
    case none
    /// One is under way since a time.
    case running(since: Timestamp, RebuildProgress)
    /// The last one is in use.
    case done(since: Timestamp, RebuildReport, swap: Duration)
    /// The last one was given up, and the generation before it is still in use: why.
    case failed(since: Timestamp, reason: String)

    /// Whether one is under way.
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

    /// The words that there are.
    public static let names = ["none", "running", "done", "failed"]
}

/// How far a rebuild has come.
public struct RebuildProgress: Sendable {
    /// The part that is done, from 0 to 1.
    public let part: Double
    /// How many events it takes in, not counting those that came since it began.
    public let events: UInt64
    /// How long it has been under way.
    public let duration: Duration

    /// How long it will take from here, if it goes on as it went; `nil` when nothing is known yet.
    public var remaining: Duration? {
        part > 0.01 ? .seconds(duration / .seconds(1) * (1 / part - 1)) : nil
    }
}

/// Why no rebuild of the read models begins.
public enum RebuildRefusal: Error, Sendable, CustomStringConvertible {
    /// One is under way.
    case underWay
    /// Nobody follows the log any more, who could take the result into use.
    case notFollowing(String)

    /// One line for people.
    public var description: String {
        switch self {
        case .underWay: "a rebuild of the read models is under way"
        case .notFollowing(let reason): "the read models cannot be rebuilt: \(reason)"
        }
    }
}
