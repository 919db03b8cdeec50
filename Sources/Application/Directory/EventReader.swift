internal import EventLog
public import Microblog

/// The events of a data directory, for tools that run beside its server: nothing is locked and nothing is changed.
///
/// Not for a directory that this process has open already.
public final class EventReader: Sendable {
    let log: any LogSource

    /// Opens the log of a data directory.
    ///
    /// - Throws: ``DataDirectoryError``, `LogOpeningError`, `LogCorruption`: why it cannot be read, and what to do.
    public init(dataDirectory: String) throws {
        log = try LogReader(directory: DataLayout(existing: dataDirectory).log)
    }

    /// The newest event's position, as of now; 0 while there is none.
    public var newest: UInt64 { get throws { try log.head.position } }

    /// The position of a moment: see ``Moment``.
    ///
    /// - Throws: ``MomentError`` when the log has no such moment.
    public func position(of moment: Moment) throws -> UInt64 { try moment.position(in: log) }

    /// Lends events as JSON lines, in order, both ends included, as far as the log reaches when the call begins.
    public func lines(
        from first: UInt64 = 1, until last: UInt64 = .max, _ body: (borrowing [UInt8]) throws -> Void
    ) throws {
        var line: [UInt8] = []
        try records(from: first, until: last) { record in
            line.removeAll(keepingCapacity: true)
            try EventLine.write(record, into: &line)
            try body(line)
        }
    }

    /// Lends the events that concern an entity as JSON lines, in order: see ``EntityHistory``.
    ///
    /// - Throws: ``NoSuchEntity`` when there never was one.
    public func history(of entity: Stream, _ body: (borrowing [UInt8]) throws -> Void) throws {
        let newest = try newest
        var history = EntityHistory(of: entity)
        guard history.start <= newest else {
            throw NoSuchEntity(entity, "the newest event of the log is at position \(newest)")
        }
        var line: [UInt8] = []
        try records(from: history.start, until: newest) { record in
            guard try history.includes(record) else { return }
            line.removeAll(keepingCapacity: true)
            try EventLine.write(record, into: &line)
            try body(line)
        }
        guard history.isFound else { throw NoSuchEntity(entity, "no event up to position \(newest) is about it") }
    }

    /// In pieces, each in a read transaction of its own: a long one would keep the server from using pages again.
    private func records(
        from first: UInt64, until last: UInt64, _ body: (RecordView) throws -> Void
    ) throws {
        var position = max(first, 1) - 1
        let end = min(last, try newest)
        while position < end {
            position += UInt64(try log.read(after: position, limit: Int(min(end - position, 4096)), body))
        }
    }
}
