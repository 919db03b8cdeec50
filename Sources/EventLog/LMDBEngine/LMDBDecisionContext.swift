import LMDB

/// What `decide` may ask, answered from the writer's own transaction.
///
/// Lives as long as one batch. A failure of the storage is kept in ``failure`` and answered as "not there": the writer
/// looks at it after each decision and gives up the whole batch.
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
            guard let bytes = try position.withKey({ try transaction.get(tables.events, $0) }) else { return nil }
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
