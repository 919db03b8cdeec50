internal import Microblog

extension ResponseBuffer {
    /// Appends a JSON string of UTF-8 bytes, quotes included (RFC 8259, section 7).
    mutating func append(jsonString bytes: UnsafeRawBufferPointer) {
        appendUnchecked(room: bytes.count * 6 + 2) { target in
            var end = 1
            target[0] = UInt8(ascii: "\"")
            var index = 0
            let count = bytes.count
            while index < count {
                // Eight bytes at a time while none of them needs escaping.
                if index + 8 <= count {
                    let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                    if !Self.needsEscape(word) {
                        UnsafeMutableRawPointer(target + end).storeBytes(of: word, as: UInt64.self)
                        index += 8
                        end += 8
                        continue
                    }
                }
                end += Self.escape(bytes[index], to: target + end)
                index += 1
            }
            target[end] = UInt8(ascii: "\"")
            return end + 1
        }
    }

    /// Appends a JSON string.
    mutating func append(jsonString text: String) {
        var text = text
        text.withUTF8 { append(jsonString: UnsafeRawBufferPointer($0)) }
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

    /// Whether one of eight bytes is a quote, a backslash or below 0x20 (bit tricks: S. E. Anderson, "Bit Twiddling
    /// Hacks", determine if a word has a byte less than n).
    @inline(__always)
    private static func needsEscape(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let quotes = word ^ (ones &* 0x22)
        let backslashes = word ^ (ones &* 0x5c)
        let found =
            ((word &- (ones &* 0x20)) & ~word) | ((quotes &- ones) & ~quotes)
            | ((backslashes &- ones) & ~backslashes)
        return found & highs != 0
    }

    @inline(__always)
    private static func escape(_ byte: UInt8, to target: UnsafeMutablePointer<UInt8>) -> Int {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            target[0] = UInt8(ascii: "\\")
            target[1] = byte
            return 2
        case UInt8(ascii: "\n"):
            target[0] = UInt8(ascii: "\\")
            target[1] = UInt8(ascii: "n")
            return 2
        case 0..<0x20:
            let digits: StaticString = "0123456789abcdef"
            target[0] = UInt8(ascii: "\\")
            target[1] = UInt8(ascii: "u")
            target[2] = UInt8(ascii: "0")
            target[3] = UInt8(ascii: "0")
            target[4] = digits.utf8Start[Int(byte >> 4)]
            target[5] = digits.utf8Start[Int(byte & 15)]
            return 6
        default:
            target[0] = byte
            return 1
        }
    }
}
