/// JSON strings of UTF-8 bytes (RFC 8259, section 7): only what JSON requires is escaped.
public enum JSONString {
    /// How a tab and a carriage return are written. All other bytes have one form.
    public enum Controls: Sendable {
        /// `\t` and `\r`, as in exports.
        case named
        /// `\u0009` and `\u000d`, as in answers over HTTP.
        case numbered
    }

    /// The most bytes that a string of `count` bytes needs, quotes included.
    @inlinable @inline(__always)
    public static func room(for count: Int) -> Int { 6 * count + 2 }

    /// Writes a string with its quotes.
    ///
    /// - Parameter target: has room for ``room(for:)`` bytes.
    /// - Returns: how many bytes were written.
    @inlinable
    public static func write(
        _ bytes: UnsafeRawBufferPointer, _ controls: Controls, to target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var end = 1
        target[0] = UInt8(ascii: "\"")
        var index = 0
        let count = bytes.count
        while index < count {
            // Eight bytes at a time while none of them needs escaping.
            if index + 8 <= count {
                let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                if !needsEscape(word) {
                    UnsafeMutableRawPointer(target + end).storeBytes(of: word, as: UInt64.self)
                    index += 8
                    end += 8
                    continue
                }
            }
            end += escape(bytes[index], controls, to: target + end)
            index += 1
        }
        target[end] = UInt8(ascii: "\"")
        return end + 1
    }

    /// Whether one of eight bytes is a quote, a backslash or below 0x20 (bit tricks: S. E. Anderson, "Bit Twiddling
    /// Hacks", determine if a word has a byte less than n).
    @inlinable @inline(__always)
    static func needsEscape(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let quotes = word ^ (ones &* 0x22)
        let backslashes = word ^ (ones &* 0x5c)
        let found =
            ((word &- (ones &* 0x20)) & ~word) | ((quotes &- ones) & ~quotes)
            | ((backslashes &- ones) & ~backslashes)
        return found & highs != 0
    }

    @inlinable @inline(__always)
    static func escape(_ byte: UInt8, _ controls: Controls, to target: UnsafeMutablePointer<UInt8>) -> Int {
        let letter: UInt8
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): letter = byte
        case UInt8(ascii: "\n"): letter = UInt8(ascii: "n")
        case UInt8(ascii: "\t") where controls == .named: letter = UInt8(ascii: "t")
        case UInt8(ascii: "\r") where controls == .named: letter = UInt8(ascii: "r")
        case 0..<0x20:
            target[0] = UInt8(ascii: "\\")
            target[1] = UInt8(ascii: "u")
            target[2] = UInt8(ascii: "0")
            target[3] = UInt8(ascii: "0")
            target[4] = Hexadecimal.digit(byte >> 4)
            target[5] = Hexadecimal.digit(byte & 15)
            return 6
        default:
            target[0] = byte
            return 1
        }
        target[0] = UInt8(ascii: "\\")
        target[1] = letter
        return 2
    }
}

extension [UInt8] {
    /// Appends a JSON string with its quotes, as exports have it.
    public mutating func append(jsonString text: String) {
        text.withUTF8Bytes { utf8 in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: JSONString.room(for: utf8.count)) { room in
                let count = JSONString.write(utf8, .named, to: room.baseAddress!)
                append(contentsOf: room[..<count])
            }
        }
    }
}
