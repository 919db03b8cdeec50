/// A gapless run of the log that is projected in one transaction, decoded once for all projectors.
public struct EventBatch: Sendable {
    /// The events, in order.
    public let events: [RecordedEvent]

    /// Takes events in the order of the log; there must be at least one.
    public init(_ events: [RecordedEvent]) {
        precondition(!events.isEmpty, "a batch has at least one event")
        self.events = events
    }

    /// The position before the first event: what every checkpoint must be at.
    public var start: UInt64 { events[0].position - 1 }
    /// The position of the last event.
    public var end: UInt64 { events[events.count - 1].position }

    /// The event at a position, if it is one of these.
    func event(at position: UInt64) -> RecordedEvent? {
        position > start && position <= end ? events[Int(position - start) - 1] : nil
    }
}
