/// A log for reading only: the log that this process writes, or a log that another process owns.
public protocol LogSource: AnyObject, Sendable {
    /// The newest durable event.
    var head: LogHead { get throws }

    /// Sixteen bytes that identify this log for ever.
    var identity: [UInt8] { get }

    /// The value of the hash chain at the newest durable event.
    ///
    /// - Throws: ``LogError``, ``LogCorruption`` when it is missing.
    var chainHead: ChainHead { get throws }

    /// Lends the records after a position, in order, at most `limit` of them, all as of one moment.
    ///
    /// `body` must not call the log. If the storage is being opened again after a failure, it waits for `body` to end.
    ///
    /// - Returns: how many records `body` was given.
    /// - Throws: ``LogError``, ``LogCorruption`` where a record is missing or damaged, or what `body` throws.
    func read(after position: Position, limit: Int, _ body: (RecordView) throws -> Void) throws -> Int

    /// Lends the record at a position; `body` must not call the log.
    ///
    /// - Returns: what `body` returns, or `nil` when the log has no such position (yet).
    /// - Throws: ``LogError``, ``LogCorruption`` when the record is missing or damaged, or what `body` throws.
    func withRecord<Result>(at position: Position, _ body: (RecordView) throws -> Result) throws -> Result?

    /// Lends the records at some positions, in the order given, as of one moment. This is cheaper than one call for
    /// each, above all when the positions ascend. `body` must not call the log.
    ///
    /// - Throws: ``LogError``, ``LogCorruption`` when a record is missing or damaged, or what `body` throws.
    func withRecords(at positions: [Position], _ body: (RecordView) throws -> Void) throws
}

extension LogSource {
    /// The newest event that is not later than a time.
    ///
    /// - Parameter time: milliseconds since 1970 UTC.
    /// - Returns: its position; 0 when the first event is later, or there is no event.
    public func newest(atOrBefore time: Int64) throws -> Position {
        // Times never go back along the log, so the answer is in `low...high`, both ends included.
        var low: Position = 0
        var high = try head.position
        while low < high {
            let middle = high - (high - low) / 2
            guard let found = try withRecord(at: middle, { $0.time }) else { throw LogCorruption.missing(middle) }
            if found <= time { low = middle } else { high = middle - 1 }
        }
        return low
    }
}

/// An append-only sequence of events. It is the only source of truth in Martlet.
///
/// Every engine gives the same promises, which one conformance suite checks: positions are gapless from 1 and times
/// never go back; a proposal that fails leaves no trace and does not affect others; nothing is acknowledged before it
/// is durable; readers see whole batches, without gaps or repeats.
public protocol EventLog: LogSource {
    /// Hands proposals to the writer and returns at once. They are decided in this order, though others may come in
    /// between.
    func submit(_ batch: [Proposal])

    /// Blocks until there is an event after a position.
    ///
    /// - Returns: the newest durable position, or `nil` once the log is closed and there is no such event.
    func wait(after position: Position) -> Position?

    /// Refuses further proposals, completes the waiting ones, and closes. Later calls return at once.
    func close()
}

extension EventLog {
    /// Hands a proposal to the writer and returns at once.
    public func submit(_ proposal: Proposal) { submit([proposal]) }
}
