import EventLog

/// Runs one proposal of the oracle.
final class InMemoryDecisionContext: DecisionContext {
    var state: InMemoryLogState

    init(_ state: InMemoryLogState) { self.state = state }

    var nextPosition: Position { Position(state.records.count) + 1 }
    var newestTime: Int64 { state.head.time }
    private(set) var time: Int64 = 0

    func head(of stream: StreamName) -> StreamHead? { state.streams[stream] }

    func withRecord<Result>(at position: Position, _ body: (RecordView) -> Result?) -> Result? {
        guard position > 0, position < nextPosition else { return nil }
        return state.records[Int(position) - 1].withUnsafeBytes { bytes in
            (try? RecordView(position: position, bytes)).flatMap(body)
        }
    }

    func run(_ proposal: Proposal) -> Result<Outcome, LogError> {
        let name = proposal.idempotency.map { InMemoryLogState.CommandName(actor: $0.actor, key: $0.key) }
        if let name, let idempotency = proposal.idempotency, let first = state.commands[name] {
            guard first.fingerprint == idempotency.fingerprint else {
                let key = String(decoding: name.key, as: UTF8.self)
                return .failure(.idempotencyKeyReused(actor: name.actor, key: key))
            }
            proposal.proposer.recall(proposal.number, at: first.position)
            return .success(.repeated(first.position, answer: first.answer))
        }
        time = max(proposal.time ?? newestTime, newestTime)
        switch proposal.proposer.decide(proposal.number, over: self) {
        case .refuse(let answer):
            return .success(.nothing(answer: answer, asOf: state.head.position))
        case .nothing(let answer):
            if let name, let idempotency = proposal.idempotency {
                state.commands[name] = (idempotency.fingerprint, 0, answer)
            }
            return .success(.nothing(answer: answer, asOf: state.head.position))
        case .append(let event):
            if let conflict = append(event, of: proposal) { return .failure(conflict) }
            if let name, let idempotency = proposal.idempotency {
                state.commands[name] = (idempotency.fingerprint, state.head.position, [])
            }
            return .success(.appended(state.head.position))
        }
    }

    private func append(_ event: NewEvent, of proposal: Proposal) -> LogError? {
        let versions = event.streams.map { (state.streams[$0.name]?.version ?? 0) + 1 }
        for (stream, version) in zip(event.streams, versions) {
            guard let read = stream.read, read != version - 1 else { continue }
            return .conflict(stream: stream.name, read: read, actual: version - 1)
        }
        let position = nextPosition
        if let subject = event.subject, !event.personal.isEmpty {
            guard subject == position || state.accountsWithKeys.contains(subject) else {
                return .noKey(account: subject)
            }
            state.accountsWithKeys.insert(subject)
        }
        for (stream, version) in zip(event.streams, versions) {
            state.streams[stream.name] = StreamHead(version: version, position: position, type: event.type)
        }
        state.records.append(
            ReferenceRecord.bytes(
                event, versions: versions, position: position, time: time, idempotency: proposal.idempotency))
        state.head = LogHead(position: position, time: time)
        return nil
    }
}
