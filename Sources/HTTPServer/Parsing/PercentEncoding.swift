/// Bytes written as `%` and two hexadecimal digits (RFC 3986, section 2.1).
enum PercentEncoding {
    /// The byte that begins at a percent sign; `nil` when two digits do not follow.
    static func byte<Bytes: RandomAccessCollection<UInt8>>(at place: Int, in bytes: Bytes) -> UInt8?
    where Bytes.Index == Int {
        guard place + 2 < bytes.endIndex, let high = digit(bytes[place + 1]), let low = digit(bytes[place + 2]) else {
            return nil
        }
        return high << 4 | low
    }

    /// Decodes a name or a value of a query: `+` stands for a space. A percent sign without digits stands for itself.
    ///
    /// - Parameter target: room for as many bytes as `bytes` has.
    /// - Returns: how many bytes it wrote.
    static func decodeQuery(_ bytes: UnsafeBufferPointer<UInt8>, to target: UnsafeMutablePointer<UInt8>) -> Int {
        var (place, count) = (0, 0)
        while place < bytes.count {
            var byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: "+") {
                byte = UInt8(ascii: " ")
            } else if byte == UInt8(ascii: "%"), let decoded = self.byte(at: place - 1, in: bytes) {
                byte = decoded
                place += 2
            }
            target[count] = byte
            count += 1
        }
        return count
    }

    /// The value of a hexadecimal digit, capital or small.
    static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
