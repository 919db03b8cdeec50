internal import Bytes

/// Thirty-two bytes made by a hash function. The domain does not care which one.
///
/// Held as four words, so that copying, comparing and hashing need no allocation.
public struct Hash256: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// How many bytes there are.
    public static let byteCount = 32

    let words: (UInt64, UInt64, UInt64, UInt64)

    init(words: (UInt64, UInt64, UInt64, UInt64)) {
        self.words = words
    }

    /// Takes exactly 32 bytes; `nil` for any other number.
    public init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Hash256.byteCount else { return nil }
        words = (
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
        )
    }

    /// Takes exactly 32 bytes; `nil` for any other number.
    public init?(bytes: [UInt8]) {
        guard let hash = bytes.withUnsafeBytes({ Hash256(bytes: $0) }) else { return nil }
        self = hash
    }

    /// Lends the 32 bytes.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let ordered = (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
        return Swift.withUnsafeBytes(of: ordered, body)
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        withUnsafeBytes { Array($0) }
    }

    public static func == (left: Hash256, right: Hash256) -> Bool {
        left.words == right.words
    }

    /// Orders by the bytes.
    public static func < (left: Hash256, right: Hash256) -> Bool {
        left.words < right.words
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }

    /// The hexadecimal form.
    public var description: String {
        hex
    }
}

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
            for byte in bytes { text.append(hexadecimal: byte) }
        }
    }

    private static func word(_ hex: UnsafeRawBufferPointer, at start: Int) -> UInt64? {
        var word: UInt64 = 0
        for digit in hex[start..<start + 16] {
            guard let value = Hexadecimal.value(digit) else { return nil }
            word = word << 4 | UInt64(value)
        }
        return word
    }
}
