import EventLog
import Journal
import Threads

/// An event log that is easy to see through: arrays and dictionaries, one proposal at a time. The oracle for real
/// engines.
final class InMemoryEventLog: EventLog {
    private let state: Guarded<InMemoryLogState>
    private let proposals = Mailbox<Proposal>()
    private let durable = Watermark(0)
    private let writer: OwnedThread

    let identity = [UInt8](repeating: 7, count: 16)

    init() {
        let state = Guarded(InMemoryLogState())
        self.state = state
        writer = OwnedThread(name: "oracle-writer") { [proposals, durable] in
            while let batch = proposals.take(limit: 1) {
                let (result, head) = state.withLock { state -> (Result<Outcome, LogError>, LogHead) in
                    let context = InMemoryDecisionContext(state)
                    state = InMemoryLogState()
                    let result = context.run(batch[0])
                    state = context.state
                    return (result, context.state.head)
                }
                durable.advance(to: head.position)
                batch[0].conclude(result)
            }
        }
    }

    var head: LogHead { state.withLock { $0.head } }

    var chainHead: ChainHead {
        state.withLock { state in
            var hash = ChainHash(identity: identity)
            for record in state.records { record.withUnsafeBytes { hash.append($0) } }
            return ChainHead(position: state.head.position, hash: hash)
        }
    }

    func submit(_ batch: [Proposal]) {
        let taken = proposals.put(contentsOf: batch)
        for proposal in batch[taken...] { proposal.conclude(.failure(.closed)) }
    }

    func read(after position: Position, limit: Int, _ body: (RecordView) throws -> Void) throws -> Int {
        let records = state.withLock { $0.records }
        guard position < records.count, limit > 0 else { return 0 }
        let wanted = records[Int(position)...].prefix(limit)
        for (index, record) in zip(wanted.indices, wanted) {
            try record.withUnsafeBytes { try body(RecordView(position: Position(index + 1), $0)) }
        }
        return wanted.count
    }

    func withRecord<Result>(at position: Position, _ body: (RecordView) throws -> Result) throws -> Result? {
        let records = state.withLock { $0.records }
        guard position > 0, position <= records.count else { return nil }
        return try records[Int(position) - 1].withUnsafeBytes { try body(RecordView(position: position, $0)) }
    }

    func withRecords(at positions: [Position], _ body: (RecordView) throws -> Void) throws {
        for position in positions where try withRecord(at: position, body) == nil {
            throw LogCorruption(position: position, problem: "the event is missing")
        }
    }

    func wait(after position: Position) -> Position? { durable.wait(beyond: position) }

    func close() {
        proposals.close()
        writer.join()
        durable.close()
    }
}

/// All that the oracle knows.
struct InMemoryLogState {
    var head = LogHead()
    /// In plain.
    var records: [[UInt8]] = []
    var accountsWithKeys: Set<UInt64> = [1, 2]
    var streams: [StreamName: StreamHead] = [:]
    var commands: [CommandName: (fingerprint: [UInt8], position: Position, answer: [UInt8])] = [:]

    struct CommandName: Hashable {
        let actor: UInt64
        let key: [UInt8]
    }
}
