/// Thirty-two bytes that some hash function made; which one is not the domain's concern.
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

    /// Orders as the bytes do.
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
