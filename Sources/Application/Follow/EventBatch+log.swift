internal import EventLog
internal import Projections

extension EventBatch {
    /// Reads and decodes what comes after a position, of which there must be something.
    ///
    /// Where an event cannot be read, the batch ends before it; the error comes when the batch would begin with it.
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
