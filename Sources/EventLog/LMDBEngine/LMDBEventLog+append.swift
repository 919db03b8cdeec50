import Bytes
import LMDB

/// How one proposal becomes rows, inside the writer's transaction.
extension LMDBEventLog {
    /// Decides a proposal and writes the result.
    ///
    /// - Returns: its outcome, or the reason why this proposal alone fails.
    /// - Throws: an error that must undo the whole batch: a failure of the storage, or damage.
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
            if let read = stream.read, read != version {
                return .conflict(stream: stream.name, read: read, actual: version)
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
            try position.withBigEndianBytes { try transaction.put(tables.events, $0, record, .append) }
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

/// What `decide` may ask, answered from the writer's own transaction.
///
/// It lives as long as one batch. A failure of the storage is kept in ``failure``, and the answer is then "not there".
/// The writer looks at it after each decision and gives up the whole batch.
final class LMDBDecisionContext: DecisionContext {
    private let transaction: UnownedTransaction
    private let tables: LogTables
    private(set) var newest: LogHead
    private(set) var time: Int64
    private(set) var chain: ChainHead
    private(set) var failure: (any Error)?

    init(_ transaction: UnownedTransaction, _ tables: LogTables, _ head: LogHead, _ chain: ChainHead) {
        self.transaction = transaction
        self.tables = tables
        newest = head
        time = head.time
        self.chain = chain
    }

    var nextPosition: Position { newest.position + 1 }
    var newestTime: Int64 { newest.time }

    func head(of stream: StreamName) -> StreamHead? {
        do {
            return try transaction.head(of: stream, tables)
        } catch {
            failure = error
            return nil
        }
    }

    func withRecord<Result>(at position: Position, _ body: (RecordView) -> Result?) -> Result? {
        do {
            guard let bytes = try position.withBigEndianBytes({ try transaction.get(tables.events, $0) }) else {
                return nil
            }
            return body(try RecordView(position: position, bytes))
        } catch {
            failure = error
            return nil
        }
    }

    /// Takes the time of the proposal that is decided next.
    func begin(_ proposal: Proposal, now: Int64) { time = max(proposal.time ?? now, newestTime) }

    /// Notes that the event at the next position was written, as this record.
    func advance(time: Int64, record: UnsafeRawBufferPointer) {
        newest = LogHead(position: nextPosition, time: time)
        chain.hash.append(record)
        chain.position = newest.position
    }
}
