/// One command on its way to the log. Whoever makes commands decides them when the log asks, and hears what became of
/// them, several at a time: no command needs a closure or a lock of its own.
public struct Proposal: Sendable {
    /// The event's time in milliseconds since 1970 UTC; `nil` takes the clock's. A time before that of the log's newest
    /// event is raised to it, so that times never go back.
    public var time: Int64?
    /// Makes the proposal safe to send again.
    public var idempotency: Idempotency?
    /// Who decides it and gets the outcome.
    public let proposer: any Proposer
    /// Which one it is among the proposals of its proposer.
    public let number: Int

    /// Describes a proposal.
    public init(time: Int64? = nil, idempotency: Idempotency? = nil, _ number: Int = 0, of proposer: any Proposer) {
        self.time = time
        self.idempotency = idempotency
        self.proposer = proposer
        self.number = number
    }
}

/// Makes proposals, decides them, and hears what became of them.
public protocol Proposer: AnyObject, Sendable {
    /// Decides a proposal. Runs on the writer's thread, over what was decided before, in the order of submission; must
    /// not block.
    func decide(_ number: Int, over log: any DecisionContext) -> Decision

    /// Learns that the idempotency key of a proposal was used before, so that it is not decided. Runs on the writer's
    /// thread, where ``decide(_:over:)`` would.
    ///
    /// - Parameter position: of the event that was made then; 0 for none.
    func recall(_ number: Int, at position: Position)

    /// Hears what became of some proposals, in the order in which they were decided. What it hears is durable. Runs on a
    /// thread of the log; must not block.
    func conclude(_ conclusions: [Conclusion])
}

extension Proposer {
    /// Learns nothing.
    public func recall(_ number: Int, at position: Position) {}
}

/// What became of a proposal.
public struct Conclusion: Sendable {
    /// Which one of its proposer's.
    public let number: Int
    /// The outcome, or why there is none.
    public let result: Result<Outcome, LogError>

    /// Names an outcome.
    public init(_ number: Int, _ result: Result<Outcome, LogError>) {
        self.number = number
        self.result = result
    }
}

extension Proposal {
    /// Describes a proposal that stands alone.
    ///
    /// - Parameters:
    ///   - decide: see ``Proposer/decide(_:over:)``.
    ///   - recall: see ``Proposer/recall(_:at:)``.
    ///   - completion: gets the outcome once it is durable, see ``Proposer/conclude(_:)``.
    public init(
        time: Int64? = nil, idempotency: Idempotency? = nil,
        decide: @escaping @Sendable (any DecisionContext) -> Decision,
        recall: @escaping @Sendable (Position) -> Void = { _ in },
        completion: @escaping @Sendable (Result<Outcome, LogError>) -> Void
    ) {
        let proposer = LoneProposer(decide: decide, recall: recall, completion: completion)
        self.init(time: time, idempotency: idempotency, of: proposer)
    }

    /// Tells its proposer what became of it.
    package func conclude(_ result: Result<Outcome, LogError>) { proposer.conclude([Conclusion(number, result)]) }
}

/// The proposer of one proposal.
private final class LoneProposer: Proposer {
    private let decide: @Sendable (any DecisionContext) -> Decision
    private let recall: @Sendable (Position) -> Void
    private let completion: @Sendable (Result<Outcome, LogError>) -> Void

    init(
        decide: @escaping @Sendable (any DecisionContext) -> Decision,
        recall: @escaping @Sendable (Position) -> Void,
        completion: @escaping @Sendable (Result<Outcome, LogError>) -> Void
    ) {
        self.decide = decide
        self.recall = recall
        self.completion = completion
    }

    func decide(_ number: Int, over log: any DecisionContext) -> Decision { decide(log) }
    func recall(_ number: Int, at position: Position) { recall(position) }
    func conclude(_ conclusions: [Conclusion]) { for conclusion in conclusions { completion(conclusion.result) } }
}

/// What was decided about a proposal.
public enum Decision: Sendable {
    /// Append this event.
    case append(NewEvent)
    /// Append no event. The bytes are the answer, which is kept if the proposal is idempotent.
    case nothing(answer: [UInt8])
    /// Append no event and keep nothing, as if it had never been proposed.
    case refuse(answer: [UInt8])
}

/// The outcome of a proposal.
public enum Outcome: Sendable, Equatable {
    /// The event is durable at this position.
    case appended(Position)
    /// It made no event. What it saw is durable at this position.
    case nothing(answer: [UInt8], asOf: Position)
    /// The same idempotency key was used before: the event that was made then (0: none), and the answer that was kept.
    case repeated(Position, answer: [UInt8])
}

/// The log as the writer sees it while it decides.
public protocol DecisionContext: AnyObject {
    /// The position that the next event gets.
    var nextPosition: Position { get }
    /// The time that the event of this decision gets: the proposal's time or the clock's, never less than the time of
    /// the newest event.
    var time: Int64 { get }
    /// The time of the newest event so far, this batch's included.
    var newestTime: Int64 { get }
    /// A stream's newest event, this batch's included.
    func head(of stream: StreamName) -> StreamHead?
    /// Lends the event at a position, this batch's included. It returns `nil` without calling `body` if there is no
    /// such event.
    func withRecord<Result>(at position: Position, _ body: (RecordView) -> Result?) -> Result?
}

/// An event that is to be appended: everything except what the log itself decides (position, time, versions).
public struct NewEvent: Sendable {
    /// The streams of which it is the next event. The first one is its own. It binds the others: a post that takes two
    /// media is the next event of three streams.
    ///
    /// `read` is how many events the stream had when the decision looked (0: none); `nil` when it did not look. The
    /// append compares this with the stream's head, which it needs anyway. So a decision that was not made from the
    /// log's present state is found before it is stored.
    public var streams: [(name: StreamName, read: Version?)]
    /// What happened, as a code that the log does not interpret.
    public var type: UInt8
    /// The version of the payload's layout.
    public var schema: UInt8
    /// Who did it; 0 is the operator.
    public var actor: UInt64
    /// The person behind the actor; 0 is the actor itself.
    public var by: UInt64
    /// Ids and references.
    public var payload: [UInt8]
    /// Text, names and handles, in plain. The log seals them with the key of the ``subject``.
    public var personal: [UInt8]
    /// The account that the personal part is about. The event's own position stands for the account that it registers,
    /// which gets a key.
    public var subject: UInt64?

    /// Describes an event.
    ///
    /// - Precondition: it is in 1 to 255 streams, and has a subject if it says something personal.
    public init(
        streams: [(name: StreamName, read: Version?)], type: UInt8, schema: UInt8 = 1, actor: UInt64, by: UInt64 = 0,
        payload: [UInt8] = [], personal: [UInt8] = [], about subject: UInt64? = nil
    ) {
        precondition((1...255).contains(streams.count), "an event is in 1 to 255 streams")
        precondition(personal.isEmpty || subject != nil, "a personal part needs the account that it is about")
        self.streams = streams
        self.type = type
        self.schema = schema
        self.actor = actor
        self.by = by
        self.payload = payload
        self.personal = personal
        self.subject = subject
    }
}
