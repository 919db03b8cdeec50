public import Projections
internal import Threads

/// Events in memory, where projectors look them up.
public final class EventArray: EventSource {
    private let events: Guarded<[RecordedEvent]>

    /// Holds events from position 1 on.
    public init(_ events: [RecordedEvent] = []) { self.events = Guarded(events) }

    /// Adds events that follow those it has; those that it has already are passed over.
    public func append(_ added: some Collection<RecordedEvent>) {
        events.withLock { events in
            events += added.filter { $0.position > UInt64(events.count) }
        }
    }

    public func event(at position: UInt64) -> RecordedEvent? {
        events.withLock { events in
            position > 0 && position <= UInt64(events.count) ? events[Int(position) - 1] : nil
        }
    }

    public func events(at positions: [UInt64]) -> [RecordedEvent] { positions.map { event(at: $0)! } }
}
