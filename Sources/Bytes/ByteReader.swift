/// Reads big-endian numbers and runs of bytes from memory that the caller lends, and never past its end.
public struct ByteReader {
    /// What was not read yet.
    public private(set) var rest: UnsafeRawBufferPointer

    /// Reads from the beginning of `bytes`.
    public init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

    /// The next number; `nil`, and nothing is consumed, if too few bytes are left.
    public mutating func next<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
        guard let bytes = next(count: MemoryLayout<Number>.size) else { return nil }
        return Number(bigEndian: bytes.loadUnaligned(as: Number.self))
    }

    /// The next bytes; `nil`, and nothing is consumed, if fewer are left.
    public mutating func next(count: Int) -> UnsafeRawBufferPointer? {
        guard count >= 0, count <= rest.count else { return nil }
        let bytes = UnsafeRawBufferPointer(rebasing: rest.prefix(count))
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        return bytes
    }
}
