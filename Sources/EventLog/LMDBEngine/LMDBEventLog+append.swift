import LMDB

/// How one proposal becomes rows, inside the writer's transaction.
extension LMDBEventLog {
    /// Decides a proposal and writes what comes of it.
    ///
    /// - Returns: its outcome, or the reason why it alone fails.
    /// - Throws: what must undo the whole batch: a failure of the storage, or damage.
    static func run(
        _ proposal: Proposal, in transaction: borrowing WriteTransaction, _ tables: LogTables,
        _ context: LMDBDecisionContext, now: Int64
    ) throws -> Result<Outcome, LogError> {
        let commandKey = proposal.idempotency?.tableKey
        if let commandKey, let idempotency = proposal.idempotency,
            let row = try transaction.command(commandKey, tables)
        {
            return repeated(row, idempotency, proposal.recall)
        }
        context.begin(proposal, now: now)
        let decision = proposal.decide(context)
        if let failure = context.failure { throw failure }
        let outcome: Outcome
        switch decision {
        case .refuse(let answer):
            return .success(.nothing(answer: answer, asOf: context.newest.position))
        case .nothing(let answer):
            outcome = .nothing(answer: answer, asOf: context.newest.position)
        case .append(let event):
            if let conflict = try append(event, of: proposal, in: transaction, tables, context) {
                return .failure(conflict)
            }
            outcome = .appended(context.newest.position)
        }
        if let commandKey, let idempotency = proposal.idempotency {
            try remember(outcome, commandKey, idempotency, in: transaction, tables)
        }
        return .success(outcome)
    }

    private static func append(
        _ event: NewEvent, of proposal: Proposal, in transaction: borrowing WriteTransaction, _ tables: LogTables,
        _ context: LMDBDecisionContext
    ) throws -> LogError? {
        let position = context.nextPosition
        let time = context.time
        var versions: [Version] = []
        versions.reserveCapacity(event.streams.count)
        for stream in event.streams {
            let version = try transaction.head(of: stream.name, tables)?.version ?? 0
            guard stream.expected.allows(version) else {
                return .conflict(stream: stream.name, expected: stream.expected, actual: version)
            }
            versions.append(version + 1)
        }
        for (index, stream) in event.streams.enumerated() {
            let head = StreamHead(version: versions[index], position: position, type: event.type)
            try stream.name.bytes.withUnsafeBytes { name in
                try head.withBytes { try transaction.put(tables.streams, name, $0) }
            }
        }
        try RecordLayout.withEncoded(
            event, versions: versions, position: position, time: time, idempotency: proposal.idempotency
        ) { record in
            try position.withKey { try transaction.put(tables.events, $0, record, .append) }
            context.advance(time: time, record: record)
        }
        try transaction.putMilestone(context.chain, tables)
        return nil
    }

    private static func repeated(
        _ row: CommandRow, _ idempotency: Idempotency, _ recall: (@Sendable (Position) -> Void)?
    ) -> Result<Outcome, LogError> {
        guard row.fingerprint.elementsEqual(idempotency.fingerprint) else {
            let key = String(decoding: idempotency.key, as: UTF8.self)
            return .failure(.idempotencyKeyReused(actor: idempotency.actor, key: key))
        }
        recall?(row.position)
        return .success(.repeated(row.position, answer: Array(row.answer)))
    }

    private static func remember(
        _ outcome: Outcome, _ commandKey: [UInt8], _ idempotency: Idempotency,
        in transaction: borrowing WriteTransaction, _ tables: LogTables
    ) throws {
        let row: [UInt8]
        switch outcome {
        case .appended(let position): row = CommandRow.bytes(idempotency, position: position)
        case .nothing(let answer, _): row = CommandRow.bytes(idempotency, position: 0, answer: answer)
        case .repeated: return
        }
        try commandKey.withUnsafeBytes { key in
            try row.withUnsafeBytes { try transaction.put(tables.commands, key, $0) }
        }
    }
}
