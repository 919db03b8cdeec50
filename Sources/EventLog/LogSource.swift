/// A log as those see it who only read: the one that this process writes, or one that another process owns.
public protocol LogSource: AnyObject, Sendable {
    /// The newest durable event.
    var head: LogHead { get throws }

    /// Sixteen bytes that name this log for ever.
    var identity: [UInt8] { get }

    /// The value of the hash chain at the newest durable event.
    ///
    /// - Throws: ``LogError``, ``LogCorruption`` when there is none.
    var chainHead: ChainHead { get throws }

    /// Lends the records after a position, in order, at most `limit` of them, all as of one moment.
    ///
    /// `body` must not call the log: a storage that is being opened again after a failure waits for `body` to end.
    ///
    /// - Returns: how many records `body` was given.
    /// - Throws: ``LogError``, ``LogCorruption`` where a record is missing or damaged, or what `body` throws.
    func read(after position: Position, limit: Int, _ body: (RecordView) throws -> Void) throws -> Int

    /// Lends the record at a position; `body` must not call the log.
    ///
    /// - Returns: what `body` returns, or `nil` where the log has no such position (yet).
    /// - Throws: ``LogError``, ``LogCorruption`` when the record is missing or damaged, or what `body` throws.
    func withRecord<Result>(at position: Position, _ body: (RecordView) throws -> Result) throws -> Result?

    /// Lends the records at some positions, in the order given, as of one moment: cheaper than one by one, most of all where
    /// the positions grow. `body` must not call the log.
    ///
    /// - Throws: ``LogError``, ``LogCorruption`` when a record is missing or damaged, or what `body` throws.
    func withRecords(at positions: [Position], _ body: (RecordView) throws -> Void) throws
}
