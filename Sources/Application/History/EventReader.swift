internal import EventLog
public import Microblog
internal import Sealing

/// The events of a data directory, for tools that run beside its server. Nothing is locked and nothing is changed.
///
/// Do not use it for a directory that this process has open already.
public final class EventReader: Sendable {
    let log: any LogSource
    private let names: StreamNames

    /// Opens the log of a data directory.
    ///
    /// - Parameter masterKey: the file of the master key; `nil` if it is in the directory.
    /// - Throws: ``DataDirectoryError``, `LogOpeningError`, `LogCorruption`, `KeyError`: the reason why it cannot be
    ///   read, and what to do.
    public init(dataDirectory: String, masterKey: String? = nil) throws {
        let layout = try DataLayout(existing: dataDirectory, masterKey: masterKey)
        let log = try LogReader(directory: layout.log)
        self.log = log
        names = StreamNames(try layout.readKeys(of: log))
    }

    /// The newest event's position, as of now; 0 while there is no event.
    public var newest: UInt64 { get throws { try log.head.position } }

    /// The position of a moment: see ``Moment``.
    ///
    /// - Throws: ``MomentError`` when the log has no such moment.
    public func position(of moment: Moment) throws -> UInt64 { try moment.position(in: log) }

    /// Lends events as JSON lines, in order, both ends included, as far as the log reaches when the call begins.
    public func lines(
        from first: UInt64 = 1, until last: UInt64 = .max, _ body: (borrowing [UInt8]) throws -> Void
    ) throws {
        try lines(from: first, until: min(last, try newest), where: { _ in true }, body)
    }

    /// Lends the events that concern an entity as JSON lines, in order: see ``EntityHistory``.
    ///
    /// - Throws: ``NoSuchEntity`` when there never was such an entity.
    public func history(of entity: Stream, _ body: (borrowing [UInt8]) throws -> Void) throws {
        let newest = try newest
        var history = EntityHistory(of: entity, openedBy: names.keys)
        guard history.start <= newest else {
            throw NoSuchEntity(entity, "the newest event of the log is at position \(newest)")
        }
        try lines(from: history.start, until: newest, where: { try history.includes($0) }, body)
        guard history.isFound else { throw NoSuchEntity(entity, "no event up to position \(newest) is about it") }
    }

    /// Reads in pieces, and lends the lines of each piece after its read transaction has ended. A long transaction
    /// would keep the server from using pages again, and the receiver of the lines may be slow.
    private func lines(
        from first: UInt64, until end: UInt64, where isIncluded: (RecordView) throws -> Bool,
        _ body: (borrowing [UInt8]) throws -> Void
    ) throws {
        var position = max(first, 1) - 1
        var lines: [[UInt8]] = []
        while position < end {
            var problem: (any Error)?
            do {
                position += UInt64(
                    try log.read(after: position, limit: Int(min(end - position, 1024))) { record in
                        guard try isIncluded(record) else { return }
                        var line: [UInt8] = []
                        line.reserveCapacity(256)
                        try EventLine.write(record, names, into: &line)
                        lines.append(line)
                    })
            } catch {
                problem = error
            }
            // This includes what came before a record that cannot be read.
            for line in lines { try body(line) }
            lines.removeAll(keepingCapacity: true)
            if let problem { throw problem }
        }
    }
}

/// One event as a line of JSON: envelope, then the event's own fields.
///
/// The stream of a handle has the name that people give it (`handle/ada`). Only that of an erased account has the hash
/// that the log knows it by.
enum EventLine {
    static func write(_ record: RecordView, _ names: StreamNames, into line: inout [UInt8]) throws {
        let event = try Event(record, openedBy: names.keys)
        let streams = event.streams(at: record.position, by: Issuer(rawValue: record.actor))
        line +=
            "{\"position\":\(record.position),\"time\":\"\(Timestamp(record.time))\",\"type\":\"\(event.type.name)\""
            .utf8
        line += ",\"actor\":\(record.actor),\"streams\":{".utf8
        for (index, stream) in record.streams.enumerated() {
            line += index == 0 ? "\"".utf8 : ",\"".utf8
            if index < streams.count, case .handle = streams[index], names.name(of: streams[index]) == stream.name {
                streams[index].appendName(to: &line)
            } else {
                line += stream.name.bytes
            }
            line += "\":\(stream.version)".utf8
        }
        line += "},\"data\":".utf8
        event.writeJSONFields(into: &line)
        line += "}\n".utf8
    }
}
