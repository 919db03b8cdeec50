/// The unique, written name of an account: 1 to 30 of `a-z 0-9 _ . -`.
///
/// Capital ASCII letters become small letters, so two handles that differ only in case are the same handle. The
/// characters sit in four words, padded with zeros: no allocation, and comparing the words orders the names.
public struct Handle: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The most characters that a handle has.
    public static let maximumLength = 30

    private let words: Hash256

    /// Checks what a person wrote.
    ///
    /// - Throws: `handleLength` if it is empty or longer than 30, `handleCharacter` if a character is not allowed.
    public init(_ text: String) throws(Rejection) {
        let length = text.unicodeScalars.count
        guard 1...Handle.maximumLength ~= length else {
            throw .handleLength(length: length, limit: Handle.maximumLength)
        }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for (index, scalar) in text.unicodeScalars.enumerated() {
            guard let lowered = Handle.lower(scalar) else { throw .handleCharacter(scalar) }
            Handle.set(lowered, at: index, in: &words)
        }
        self.words = Hash256(words: words)
    }

    /// Reads a handle in the form in which it is stored; `nil` if the bytes are not a handle or have capital letters.
    public init?(stored bytes: UnsafeRawBufferPointer) {
        guard 1...Handle.maximumLength ~= bytes.count else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for (index, byte) in bytes.enumerated() {
            guard Handle.lower(Unicode.Scalar(byte)) == byte else { return nil }
            Handle.set(byte, at: index, in: &words)
        }
        self.words = Hash256(words: words)
    }

    /// How many characters, and bytes, it has.
    public var count: Int {
        withPadded { padded in padded.firstIndex(of: 0) ?? padded.count }
    }

    /// Appends the characters, one byte each.
    public func append(to text: inout [UInt8]) {
        withPadded { padded in text.append(contentsOf: padded.prefix { $0 != 0 }) }
    }

    public static func < (left: Handle, right: Handle) -> Bool {
        left.words < right.words
    }

    /// The characters.
    public var description: String {
        withPadded { padded in String(decoding: padded.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private func withPadded<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        words.withUnsafeBytes(body)
    }

    private static func lower(_ scalar: Unicode.Scalar) -> UInt8? {
        switch scalar {
        case "a"..."z", "0"..."9", "_", ".", "-": UInt8(scalar.value)
        case "A"..."Z": UInt8(scalar.value) | 0x20
        default: nil
        }
    }

    private static func set(_ byte: UInt8, at index: Int, in words: inout (UInt64, UInt64, UInt64, UInt64)) {
        let shifted = UInt64(byte) << UInt64(56 - 8 * (index & 7))
        switch index >> 3 {
        case 0: words.0 |= shifted
        case 1: words.1 |= shifted
        case 2: words.2 |= shifted
        default: words.3 |= shifted
        }
    }
}
