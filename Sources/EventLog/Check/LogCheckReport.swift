/// What a ``LogCheck`` came to.
public struct LogCheckReport: Sendable {
    /// The newest event at the moment of the check.
    public var head = LogHead()
    /// The value of the hash chain there, computed from the records; `nil` when one of them is missing or damaged.
    public var chain: ChainHash?
    /// How many events could be read.
    public var events = 0
    /// How many streams have a row.
    public var streams = 0
    /// How many commands are remembered.
    public var commands = 0
    /// What is wrong, in the order in which it was found.
    public var findings: [LogFinding] = []
    /// Whether everything was looked at; not so when there were too many findings.
    public var isComplete = false
    /// The position at which the chain has the value that was asked for, if it has it anywhere.
    public var expectedChainPosition: Position?

    /// Whether nothing is wrong.
    public var isSound: Bool { findings.isEmpty && isComplete }
}

/// How far a check is.
public struct LogCheckProgress: Sendable {
    /// What is being looked at.
    public enum Stage: String, Sendable, CaseIterable {
        /// The records, by position.
        case events
        /// The rows of streams.
        case streams
        /// The events of each stream, in order, against its row.
        case versions
        /// The commands that are remembered.
        case commands
    }

    /// What is being looked at.
    public let stage: Stage
    /// How many have been looked at.
    public let done: Int
    /// How many there are.
    public let total: Int
}
