extension [UInt8] {
    /// A JSON string: what JSON demands is escaped, all else stays UTF-8.
    mutating func appendJSON(_ text: String) {
        append(UInt8(ascii: "\""))
        text.withUTF8Bytes { utf8 in
            var start = 0
            for (index, byte) in utf8.enumerated() {
                guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
                append(contentsOf: utf8[start..<index])
                appendJSONEscape(byte)
                start = index + 1
            }
            append(contentsOf: utf8[start...])
        }
        append(UInt8(ascii: "\""))
    }

    mutating func appendJSON(_ hash: Hash256) {
        append(UInt8(ascii: "\""))
        hash.appendHex(to: &self)
        append(UInt8(ascii: "\""))
    }

    mutating func appendJSON(_ media: [MediaID]) {
        append(UInt8(ascii: "["))
        for (index, id) in media.enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            appendDecimal(id.rawValue)
        }
        append(UInt8(ascii: "]"))
    }

    private mutating func appendJSONEscape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append(text: "\\\"")
        case UInt8(ascii: "\\"): append(text: "\\\\")
        case UInt8(ascii: "\n"): append(text: "\\n")
        case UInt8(ascii: "\r"): append(text: "\\r")
        case UInt8(ascii: "\t"): append(text: "\\t")
        default:
            append(text: "\\u00")
            append(hexDigit(byte >> 4))
            append(hexDigit(byte & 15))
        }
    }
}
