/// One command on its way to the log: what decides it, and who is told.
public struct Proposal: Sendable {
    /// The event's time in milliseconds since 1970 UTC; `nil` takes the clock's. A time before the log's newest event
    /// is raised to that one's, so that times never go back.
    public var time: Int64?
    /// Makes the proposal safe to send again.
    public var idempotency: Idempotency?
    /// Runs on the writer's thread, inside its transaction, in the order of submission: must not block.
    public var decide: @Sendable (any DecisionContext) -> Decision
    /// Runs on the writer's thread in place of ``decide`` when the idempotency key came before, with the position of the
    /// event that it made then (0: none). For callers who learn from their decisions.
    public var recall: (@Sendable (Position) -> Void)?
    /// Runs on the writer's thread once the outcome is durable: must not block.
    public var completion: @Sendable (Result<Outcome, LogError>) -> Void

    /// Describes a proposal.
    public init(
        time: Int64? = nil, idempotency: Idempotency? = nil,
        decide: @escaping @Sendable (any DecisionContext) -> Decision,
        recall: (@Sendable (Position) -> Void)? = nil,
        completion: @escaping @Sendable (Result<Outcome, LogError>) -> Void
    ) {
        self.time = time
        self.idempotency = idempotency
        self.decide = decide
        self.recall = recall
        self.completion = completion
    }
}

/// What a proposal came to.
public enum Decision: Sendable {
    /// One event more.
    case append(NewEvent)
    /// No event; the bytes are the answer, kept if the proposal is idempotent.
    case nothing(answer: [UInt8])
    /// No event, and nothing is kept either: as if it had never been proposed.
    case refuse(answer: [UInt8])
}

/// What became of a proposal.
public enum Outcome: Sendable, Equatable {
    /// The event is durable at this position.
    case appended(Position)
    /// No event came of it; what it saw is durable at this position.
    case nothing(answer: [UInt8], asOf: Position)
    /// The same idempotency key came before: the event that it made then (0: none), and the answer that was kept.
    case repeated(Position, answer: [UInt8])
}

/// The log as the writer sees it while it decides.
public protocol DecisionContext: AnyObject {
    /// The position that the next event gets.
    var nextPosition: Position { get }
    /// The time that the event of this decision gets: the proposal's or the clock's, never less than the next one.
    var time: Int64 { get }
    /// The time of the newest event so far, this batch's included.
    var newestTime: Int64 { get }
    /// A stream's newest event, this batch's included.
    func head(of stream: StreamName) -> StreamHead?
    /// Lends the event at a position, this batch's included; answers `nil` without calling `body` where there is none.
    func withRecord<Result>(at position: Position, _ body: (RecordView) -> Result?) -> Result?
}
