internal import Bytes
internal import HTTPServer
internal import Microblog

/// JSON as answers have it: control characters by number.
extension ResponseBuffer {
    /// Appends a JSON string of UTF-8 bytes, quotes included.
    mutating func append(jsonString bytes: UnsafeRawBufferPointer) {
        appendUnchecked(room: JSONString.room(for: bytes.count)) { JSONString.write(bytes, .numbered, to: $0) }
    }

    /// Appends a JSON string.
    mutating func append(jsonString text: String) {
        text.withUTF8Bytes { append(jsonString: $0) }
    }

    /// Appends a moment as a JSON string.
    mutating func append(jsonTime milliseconds: Int64) {
        append(UInt8(ascii: "\""))
        appendUnchecked(room: 24) { target in
            Timestamp(milliseconds).write(to: UnsafeMutableRawBufferPointer(start: target, count: 24))
            return 24
        }
        append(UInt8(ascii: "\""))
    }
}
