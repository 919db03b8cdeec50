internal import EventLog
internal import Projections

/// The log as projectors look events up in it.
struct LogEvents: EventSource {
    private let log: any LogSource

    init(_ log: any LogSource) { self.log = log }

    func event(at position: UInt64) throws -> RecordedEvent? {
        guard position > 0 else { return nil }
        return try log.withRecord(at: position) { try RecordedEvent($0) }
    }

    func events(at positions: [UInt64]) throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        events.reserveCapacity(positions.count)
        try log.withRecords(at: positions) { events.append(try RecordedEvent($0)) }
        return events
    }
}
