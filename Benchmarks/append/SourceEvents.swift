import EventLog
import Sealing

/// Events of a log, in memory, to be appended again and again.
struct SourceEvents {
    private let events: [(event: NewEvent, idempotency: Idempotency?)]

    /// Reads the first events of a log that no other process needs to have closed.
    ///
    /// Of what is sealed only the length is used, which needs no key.
    init(log: String, limit: Int) throws {
        var events: [(NewEvent, Idempotency?)] = []
        _ = try LogReader(directory: log).read(after: 0, limit: limit) { record in
            let event = NewEvent(
                streams: record.streams.map { ($0.name, nil) }, type: record.type, schema: record.schema,
                actor: record.actor, by: record.by, payload: Array(record.payload), personal: Self.personal(record),
                about: record.actor)
            events.append((event, record.idempotency))
        }
        self.events = events
    }

    /// The keys to append them with, in memory: one for each account that they are about.
    func keys(identity: [UInt8]) throws(KeyError) -> Keyring {
        let keys = Keyring.inMemory(identity: identity)
        for (event, _) in events { if let subject = event.subject { _ = try keys.makeKey(of: subject) } }
        return keys
    }

    private static func personal(_ record: RecordView) -> [UInt8] {
        switch record.personal {
        case .none: []
        case .plain(let bytes): Array(bytes)
        case .sealed(let part): [UInt8](repeating: 0x2e, count: part.plainSize)
        }
    }

    var count: Int { events.count }

    /// The proposal to append an event once more. From the second round on, the number of the round stands before the
    /// names of streams and the idempotency key, so that these are new each time.
    func proposal(_ index: Int, _ completion: @escaping @Sendable (Result<Outcome, LogError>) -> Void) -> Proposal {
        var (event, idempotency) = events[index % count]
        let round = index / count
        if round > 0 {
            event.streams = event.streams.map { (StreamName(Array("\(round)/".utf8) + $0.name.bytes), nil) }
            idempotency = idempotency.map {
                Idempotency(actor: $0.actor, key: Array("\(round)/".utf8) + $0.key, fingerprint: $0.fingerprint)
            }
        }
        return Proposal(
            idempotency: idempotency, decide: { [event] _ in .append(event) }, completion: completion)
    }
}
