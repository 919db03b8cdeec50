internal import LMDB

/// A log at one moment, whatever is written meanwhile. Lent by ``LogReader/withSnapshot(_:)``.
///
/// Keep it short: while it lives a server cannot use the room of the pages that it sees again, and the file grows.
public struct LogSnapshot: ~Copyable {
    /// The value of the hash chain at the newest event.
    public let chainHead: ChainHead
    private let moment: LogMoment

    init(_ environment: Environment, identity: [UInt8]) throws {
        let moment = try LogMoment(environment)
        let chainHead = try moment.chainHead(identity: identity)
        self.chainHead = chainHead
        self.moment = moment
    }

    /// The newest event of the moment.
    public var head: LogHead { moment.head }

    /// Lends the records after a position, in order, at most `limit` of them; as ``LogSource/read(after:limit:_:)``.
    public func read(after position: Position, limit: Int, _ body: (RecordView) throws -> Void) throws -> Int {
        try moment.lendRecords(after: position, limit: limit, until: head.position, body)
    }

    /// Lends the answers that are remembered of commands which made no event, in the order of their keys.
    ///
    /// They are all that a log holds beyond its records: everything else can be made from those. Reads the whole table of
    /// commands.
    public func readAnswers(_ body: (RememberedAnswer) throws -> Void) throws {
        guard var cursor = try moment.cursor("commands") else { return }
        while let row = try cursor.next() {
            if let answer = try RememberedAnswer(row.key, row.value) { try body(answer) }
        }
    }
}

extension LogReader {
    /// Lends the log at one moment.
    ///
    /// `body` must not call the reader.
    public func withSnapshot<Result>(_ body: (borrowing LogSnapshot) throws -> Result) throws -> Result {
        try environment.withLogErrors { try body(LogSnapshot(environment, identity: identity)) }
    }
}
