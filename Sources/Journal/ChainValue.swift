internal import Bytes
internal import Hashing

/// A value of the log's hash chain: 32 bytes that stand for every byte of every record up to a position.
///
///     h(n) = BLAKE2b-256(h(n - 1), record n)
///
/// What h(0) is made of, is the log's affair.
public struct ChainValue: Hashable, Sendable, CustomStringConvertible {
    /// The size of a value, in bytes.
    public static let byteCount = 32

    private var words = SIMD4<UInt64>()

    /// Takes a stored value; `nil` unless it has 32 bytes.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.byteCount else { return nil }
        withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: bytes) }
    }

    /// Takes in the next record.
    public mutating func append(_ record: UnsafeRawBufferPointer) {
        withUnsafeMutableBytes(of: &words) { Blake2b.hash(UnsafeRawBufferPointer($0), record, into: $0) }
    }

    /// Lends the 32 bytes.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withUnsafeBytes(of: words) { try body($0) }
    }

    /// The value in hexadecimal.
    public var description: String { withBytes { Hexadecimal.text($0) } }
}
