package import EventLog
package import Microblog
internal import Projections
package import Sealing

/// A log with the keys that open what is personal in it: the form in which projectors look events up.
struct LogEvents: EventSource {
    let log: any LogSource
    let keys: Keyring

    init(_ log: any LogSource, _ keys: Keyring) {
        self.log = log
        self.keys = keys
    }

    func event(at position: UInt64) throws -> RecordedEvent? {
        guard position > 0 else { return nil }
        return try log.withRecord(at: position) { try RecordedEvent($0, openedBy: keys) }
    }

    func events(at positions: [UInt64]) throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        events.reserveCapacity(positions.count)
        try log.withRecords(at: positions) { events.append(try RecordedEvent($0, openedBy: keys)) }
        return events
    }
}

extension Event {
    /// Reads the event that a record holds. What cannot be opened any more is as ``Erased`` says.
    ///
    /// - Throws: `EventDecodingError`, `LogCorruption`, `KeyError`.
    package init(_ record: RecordView, openedBy keys: Keyring) throws {
        self = try record.withPersonal(openedBy: keys) { personal in
            switch personal {
            case .plain(let bytes): try Event(record, .plain(bytes))
            case .noKey(let account): try Event(record, .erased(AccountID(account)))
            }
        }
    }

    /// Reads the event that a record holds, without what is personal in it: these values are as if it were erased. For
    /// readers that want ids and references only.
    package init(withoutPersonal record: RecordView) throws(EventDecodingError) {
        switch record.personal {
        case .none: try self.init(record, .plain(UnsafeRawBufferPointer(start: nil, count: 0)))
        case .plain(let bytes): try self.init(record, .plain(bytes))
        case .sealed(let part): try self.init(record, .erased(AccountID(part.account)))
        }
    }

    private init(_ record: RecordView, _ personal: PersonalPart) throws(EventDecodingError) {
        self = try .decode(type: record.type, schema: record.schema, payload: record.payload, personal: personal)
    }
}

extension NewEvent {
    /// The form in which the log takes an event that gets a position.
    ///
    /// - Parameters:
    ///   - names: of the log.
    ///   - facts: what the rules have read, so that the log can check it; `nil` for an event that was not decided by a
    ///     rule.
    init(_ event: Event, at position: UInt64, by issuer: Issuer, names: StreamNames, from facts: LogFacts? = nil) {
        let (encoded, streams, subject) = event.encode(at: position, by: issuer)
        self.init(
            streams: streams.map { (name: names.name(of: $0), read: facts?.version(read: $0)) },
            type: encoded.type.code, schema: encoded.schema, actor: issuer.rawValue, payload: encoded.payload,
            personal: encoded.personal, about: subject?.rawValue)
    }
}

extension RecordedEvent {
    /// Reads a record with its envelope.
    init(_ record: RecordView, openedBy keys: Keyring) throws {
        self.init(record, try Event(record, openedBy: keys))
    }

    /// Reads a record with its envelope, without what is personal in it: see ``Event/init(withoutPersonal:)``.
    init(withoutPersonal record: RecordView) throws(EventDecodingError) {
        self.init(record, try Event(withoutPersonal: record))
    }

    private init(_ record: RecordView, _ event: Event) {
        self.init(
            position: record.position, time: record.time, issuer: Issuer(rawValue: record.actor), event: event)
    }
}

extension EventBatch {
    /// Reads and decodes the events after a position. There must be at least one.
    ///
    /// If an event cannot be read, the batch ends before it. The error comes when the batch would begin with it.
    init(after position: Position, of source: LogEvents, limit: Int) throws {
        var events: [RecordedEvent] = []
        events.reserveCapacity(min(limit, 8192))
        do {
            _ = try source.log.read(after: position, limit: limit) {
                events.append(try RecordedEvent($0, openedBy: source.keys))
            }
        } catch {
            if events.isEmpty { throw error }
        }
        self.init(events)
    }
}
