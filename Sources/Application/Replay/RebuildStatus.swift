public import Microblog

/// What the rebuild of a running server's read models is about.
public enum RebuildStatus: Sendable {
    /// None was asked for since the start.
    case none
    /// One is under way since a time.
    case running(since: Timestamp, RebuildProgress)
    /// The last one is in use.
    case done(since: Timestamp, ReplayReport, swap: Duration)
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
