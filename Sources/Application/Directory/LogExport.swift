internal import EventLog
internal import Microblog

/// The log of a data directory, for tools that read events without serving them.
public final class LogExport {
    private let log: LMDBEventLog

    /// Opens the log of a locked data directory.
    public init(_ directory: DataDirectory) throws {
        log = try LMDBEventLog(directory: directory.log)
    }

    deinit { log.close() }

    /// The newest event's position.
    public var head: UInt64 { log.head.position }

    /// Lends events as JSON lines, in order, both ends included.
    public func lines(from first: UInt64 = 1, until last: UInt64 = .max, _ body: (borrowing [UInt8]) throws -> Void)
        throws
    {
        var position = max(first, 1) - 1
        var line: [UInt8] = []
        let end = min(last, head)
        while position < end {
            position += UInt64(
                try log.read(after: position, limit: Int(min(end - position, 4096))) { record in
                    line.removeAll(keepingCapacity: true)
                    try EventLine.write(record, into: &line)
                    try body(line)
                })
        }
    }

}

/// One event as a line of JSON: envelope, then the event's own fields.
enum EventLine {
    static func write(_ record: RecordView, into line: inout [UInt8]) throws {
        let event = try Event(record)
        line +=
            "{\"position\":\(record.position),\"time\":\"\(Timestamp(record.time))\",\"type\":\"\(event.type.name)\""
            .utf8
        line += ",\"actor\":\(record.actor),\"streams\":{".utf8
        for (index, stream) in record.streams.enumerated() {
            line += "\(index == 0 ? "" : ",")\"\(stream.name)\":\(stream.version)".utf8
        }
        line += "},\"data\":".utf8
        event.writeJSONFields(into: &line)
        line += "}\n".utf8
    }
}
