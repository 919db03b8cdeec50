internal import EventLog
internal import Microblog

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
