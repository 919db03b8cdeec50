internal import LMDB

/// A log at one moment, whatever is written meanwhile. Lent by ``LogReader/withSnapshot(_:)``.
///
/// Keep it short: while it lives a server cannot use the room of the pages that it sees again, and the file grows.
public struct LogSnapshot: ~Copyable {
    /// The newest event of the moment.
    public let head: LogHead
    /// The value of the hash chain there.
    public let chainHead: ChainHead
    private let transaction: UnownedTransaction
    private let tables: LogTables

    init(_ transaction: UnownedTransaction, _ tables: LogTables, _ chainHead: ChainHead) throws {
        head = try transaction.logHead(tables)
        self.chainHead = chainHead
        self.transaction = transaction
        self.tables = tables
    }

    /// Lends the records after a position, in order, at most `limit` of them; as ``LogSource/read(after:limit:_:)``.
    public func read(after position: Position, limit: Int, _ body: (RecordView) throws -> Void) throws -> Int {
        try transaction.lendRecords(after: position, limit: limit, until: head.position, tables, body)
    }

    /// Lends the answers that are remembered of commands which made no event, in the order of their keys.
    ///
    /// They are all that a log holds beyond its records: everything else can be made from those. Reads the whole table of
    /// commands.
    public func readAnswers(_ body: (RememberedAnswer) throws -> Void) throws {
        try transaction.withCursor(tables.commands) { cursor in
            while let row = try cursor.next() {
                if let answer = try RememberedAnswer(row.key, row.value) { try body(answer) }
            }
        }
    }
}

extension LogReader {
    /// Lends the log at one moment.
    ///
    /// `body` must not call the reader.
    public func withSnapshot<Result>(_ body: (borrowing LogSnapshot) throws -> Result) throws -> Result {
        try environment.read { transaction in
            let chain = try chainHead(transaction)
            return try body(LogSnapshot(UnownedTransaction(transaction), tables, chain))
        }
    }
}
