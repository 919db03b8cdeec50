/// The result of a ``LogCheck``.
public struct LogCheckReport: Sendable {
    /// The newest event at the moment of the check.
    public var head = LogHead()
    /// The value of the hash chain there, computed from the records; `nil` when one of them is missing or damaged.
    public var chain: ChainHash?
    /// How many events could be read.
    public var events = 0
    /// How many streams have a row, or get one from the journal's frames.
    public var streams = 0
    /// How many commands are remembered, in the tables or in the journal's frames.
    public var commands = 0
    /// What is wrong, in the order in which the check found it.
    public var findings: [LogFinding] = []
    /// Whether everything was checked. It was not when there were too many findings.
    public var isComplete = false
    /// The position where the chain has the expected value, if it has it anywhere.
    public var expectedChainPosition: Position?
    /// Whether the chain had it there before the records were written anew, with what is personal sealed.
    public var isExpectedChainFormer = false

    /// Whether nothing is wrong.
    public var isSound: Bool { findings.isEmpty && isComplete }
}

/// How far a check has come.
public struct LogCheckProgress: Sendable {
    /// What is being checked.
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

    /// What is being checked.
    public let stage: Stage
    /// How many have been checked.
    public let done: Int
    /// How many there are in total.
    public let total: Int
}

/// Something that is wrong in a log: where, what, and what to do.
public enum LogFinding: Error, Sendable, Equatable, CustomStringConvertible {
    /// A record's checksum or layout.
    case record(Position, problem: String)
    /// Positions without an event.
    case missing(ClosedRange<Position>)
    /// Positions whose records are on damaged pages.
    case unreadable(ClosedRange<Position>, problem: String)
    /// A row with an impossible size or content, or a table that cannot be read to its end.
    case table(String, problem: String)
    /// An event that is older than the one before it.
    case time(Position, time: Int64, previous: Int64)
    /// An event that is not the next event of one of its streams.
    case version(Position, stream: StreamName, expected: Version, found: Version)
    /// A stream's row that does not name its newest event: `stored` is nil if there is no row, `expected` is nil for a
    /// stream without events.
    case streamHead(StreamName, stored: StreamHead?, expected: StreamHead?)
    /// An event whose command is not remembered, or is remembered wrongly.
    case command(Position, actor: UInt64, key: String)
    /// A remembered command that names an event which did not result from it.
    case strayCommand(Position, actor: UInt64, key: String)
    /// An event in the journal, or an answer remembered there after a position, whose command was carried out before.
    case commandAgain(Position, actor: UInt64, key: String)
    /// An answer that the journal remembers after a position, with an impossible size or content.
    case answer(after: Position, problem: String)
    /// A journal whose frames cannot be told. What is said about the head and the chain is then that of the tables alone.
    case journal(problem: String)
    /// Records that are whole, but are not the records that were written.
    case chain(ClosedRange<Position>)
    /// A value of the hash chain that is missing, or is stored where it does not belong.
    case chainValue(Position, problem: String)
    /// The head file names a position that the log does not reach.
    case headFile(noted: Position, head: Position)

    /// One line for people.
    public var description: String {
        switch self {
        case .record(let position, let problem): "position \(position): \(Self.advised(problem))"
        case .missing(let range): "\(Self.text(range)): missing; restore a backup"
        case .unreadable(let range, let problem): "\(Self.text(range)): \(Self.advised(problem))"
        case .table(let table, let problem): "table \(table): \(problem); \(Self.remedy)"
        case .time(let position, let time, let previous):
            "position \(position): its time \(time) is before that of the previous event, \(previous); restore a backup"
        case .version(let position, let stream, let expected, let found):
            "position \(position): it is version \(found) of stream \(stream), expected \(expected); restore a backup"
        case .streamHead(let stream, let stored, let expected):
            "stream \(stream): its row names \(Self.text(stored)), expected \(Self.text(expected)); \(Self.remedy)"
        case .command(let position, let actor, let key):
            "position \(position): its command, idempotency key \"\(key)\" of account \(actor), is not remembered as it "
                + "was; \(Self.remedy)"
        case .strayCommand(let position, let actor, let key):
            "commands: idempotency key \"\(key)\" of account \(actor) names position \(position), which did not come of it; "
                + Self.remedy
        case .commandAgain(let position, let actor, let key):
            "position \(position): in the journal, idempotency key \"\(key)\" of account \(actor) comes again; restore a backup"
        case .answer(let position, let problem):
            "position \(position): in the journal, an answer after it: \(Self.advised(problem))"
        case .journal(let problem): problem
        case .chain(let range):
            "\(Self.text(range)): the hash chain breaks: a record was changed, removed or moved, and its checksum made "
                + "good; restore a backup"
        case .chainValue(let position, let problem):
            "position \(position): the hash chain's value \(problem); \(Self.remedy)"
        case .headFile(let noted, let head):
            "the head file names position \(noted) as durable, but the log ends at \(head): events are missing; "
                + "restore a backup"
        }
    }

    /// What follows from the records alone is made again when they are written into a new log.
    private static let remedy = "restore a backup, or back this log up and restore that, which makes it anew"

    private static func advised(_ problem: String) -> String {
        problem.contains("restore a backup") || problem.contains("use that one")
            ? problem : problem + "; restore a backup"
    }

    private static func text(_ range: ClosedRange<Position>) -> String {
        range.count == 1
            ? "position \(range.lowerBound)" : "positions \(range.lowerBound) to \(range.upperBound)"
    }

    private static func text(_ head: StreamHead?) -> String {
        head.map { "version \($0.version) at position \($0.position) of type \($0.type)" } ?? "nothing"
    }
}
