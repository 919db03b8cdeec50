/// A parameter's value with its character set: `UTF-8''na%C3%AFve.png` (RFC 8187).
enum ExtendedValue {
    /// Decodes a value.
    ///
    /// - Returns: `nil` when it is malformed, in another character set than UTF-8, or has control characters. RFC 8187
    ///   wants such a parameter ignored.
    static func text(_ value: [UInt8]) -> String? {
        let fields = value.split(separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
        guard fields.count == 3, String(decoding: fields[0], as: UTF8.self).lowercased() == "utf-8" else { return nil }
        var decoded: [UInt8] = []
        var rest = fields[2]
        while var byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                byte = high << 4 | low
            } else if byte >= 0x7F {
                return nil
            }
            if byte < 0x20 || byte == 0x7F { return nil }
            decoded.append(byte)
        }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
