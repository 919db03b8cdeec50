public import Microblog

/// A gapless part of the log that is projected in one transaction. It is decoded once for all projectors.
public struct EventBatch: Sendable {
    /// The events, in order.
    public let events: [RecordedEvent]

    /// Takes events in the order of the log; there must be at least one.
    public init(_ events: [RecordedEvent]) {
        precondition(!events.isEmpty, "a batch has at least one event")
        self.events = events
    }

    /// The position before the first event. Every checkpoint must be there.
    public var start: UInt64 { events[0].position - 1 }
    /// The position of the last event.
    public var end: UInt64 { events[events.count - 1].position }

    /// The event at a position, if it is in the batch.
    func event(at position: UInt64) -> RecordedEvent? {
        position > start && position <= end ? events[Int(position - start) - 1] : nil
    }
}

/// An event with its envelope, as projectors see it.
public struct RecordedEvent: Sendable {
    /// Its place in the log, and the id of what it created.
    public let position: UInt64
    /// When, in milliseconds since 1970 UTC.
    public let time: Int64
    /// Who did it.
    public let issuer: Issuer
    /// What happened.
    public let event: Event

    /// Puts an event into its envelope.
    public init(position: UInt64, time: Int64, issuer: Issuer, event: Event) {
        self.position = position
        self.time = time
        self.issuer = issuer
        self.event = event
    }

    /// The account that did it; 0 stands for the operator.
    var account: AccountID { AccountID(issuer.rawValue) }
}

/// The place where projectors look events up again.
///
/// An entity's id is the position of the event that created it, so the log itself holds the name of an account, the
/// content of a file and the text of a post. A projector does not need the rows of another one.
public protocol EventSource: Sendable {
    /// The event at a position of the log, or `nil` if the log ends before it.
    func event(at position: UInt64) throws -> RecordedEvent?

    /// The events at some positions, which must all exist. This is cheaper than one call for each.
    func events(at positions: [UInt64]) throws -> [RecordedEvent]
}
