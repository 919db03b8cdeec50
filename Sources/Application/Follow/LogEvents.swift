internal import EventLog
internal import Projections

/// The log as projectors look events up in it.
struct LogEvents: EventSource {
    private let log: any EventLog

    init(_ log: any EventLog) { self.log = log }

    func event(at position: UInt64) throws -> RecordedEvent? {
        guard position > 0 else { return nil }
        var event: RecordedEvent?
        _ = try log.read(after: position - 1, limit: 1) { event = try RecordedEvent($0) }
        return event
    }
}
