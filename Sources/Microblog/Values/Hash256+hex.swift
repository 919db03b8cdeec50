extension Hash256 {
    /// How many characters the hexadecimal form has.
    public static let hexCount = 64

    /// Reads 64 hexadecimal digits in lower case; `nil` for anything else, so that a hash has one written form only.
    public init?(hex: UnsafeRawBufferPointer) {
        guard hex.count == Hash256.hexCount,
            let first = Hash256.word(hex, at: 0),
            let second = Hash256.word(hex, at: 16),
            let third = Hash256.word(hex, at: 32),
            let fourth = Hash256.word(hex, at: 48)
        else { return nil }
        self.init(words: (first, second, third, fourth))
    }

    /// Reads 64 hexadecimal digits in lower case; `nil` for anything else.
    public init?(hex: String) {
        guard let hash = hex.withUTF8Bytes({ Hash256(hex: $0) }) else { return nil }
        self = hash
    }

    /// Sixty-four hexadecimal digits in lower case.
    public var hex: String {
        var text: [UInt8] = []
        appendHex(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the 64 hexadecimal digits.
    public func appendHex(to text: inout [UInt8]) {
        withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Hash256.hexCount) { digits in
                for (index, byte) in bytes.enumerated() {
                    digits[2 * index] = hexDigit(byte >> 4)
                    digits[2 * index + 1] = hexDigit(byte & 15)
                }
                text.append(contentsOf: digits)
            }
        }
    }

    private static func word(_ hex: UnsafeRawBufferPointer, at start: Int) -> UInt64? {
        var word: UInt64 = 0
        for digit in hex[start..<start + 16] {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): word = word << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): word = word << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return word
    }
}
