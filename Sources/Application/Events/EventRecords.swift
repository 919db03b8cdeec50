package import EventLog
package import Microblog
internal import Projections

/// The log in the form in which projectors look events up.
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

extension Event {
    /// Reads the event that a record holds.
    package init(_ record: RecordView) throws(EventDecodingError) {
        self = try .decode(
            type: record.type, schema: record.schema, payload: record.payload, personal: record.personal)
    }
}

extension NewEvent {
    /// The form in which the log takes an event that gets a position.
    ///
    /// - Parameter facts: what the rules have read, so that the log can check it; `nil` for an event that was not
    ///   decided by a rule.
    init(_ event: Event, at position: UInt64, by issuer: Issuer, from facts: LogFacts?) {
        let encoded = event.encode()
        let streams = event.streams(at: position, by: issuer).map { stream in
            var name: [UInt8] = []
            stream.appendName(to: &name)
            return (name: StreamName(name), read: facts?.version(read: stream))
        }
        self.init(
            streams: streams, type: encoded.type.code, schema: encoded.schema, actor: issuer.rawValue,
            payload: encoded.payload, personal: encoded.personal)
    }
}

extension RecordedEvent {
    /// Reads a record with its envelope.
    init(_ record: RecordView) throws(EventDecodingError) {
        self.init(
            position: record.position, time: record.time, issuer: Issuer(rawValue: record.actor),
            event: try Event(record))
    }
}

extension EventBatch {
    /// Reads and decodes the events after a position. There must be at least one.
    ///
    /// If an event cannot be read, the batch ends before it. The error comes when the batch would begin with it.
    init(after position: Position, of log: any LogSource, limit: Int) throws {
        var events: [RecordedEvent] = []
        events.reserveCapacity(min(limit, 8192))
        do {
            _ = try log.read(after: position, limit: limit) { events.append(try RecordedEvent($0)) }
        } catch {
            if events.isEmpty { throw error }
        }
        self.init(events)
    }
}
