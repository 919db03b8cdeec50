/// Numbers as big-endian bytes. Keys need this, because then the order of bytes is the order of numbers.
extension UnsafeRawBufferPointer {
    /// The eight bytes at an offset as a number.
    @inlinable @inline(__always)
    public func bigEndianUInt64(at offset: Int) -> UInt64 {
        UInt64(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The four bytes at an offset as a number.
    @inlinable @inline(__always)
    public func bigEndianUInt32(at offset: Int) -> UInt32 {
        UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// The two bytes at an offset as a number.
    @inlinable @inline(__always)
    public func bigEndianUInt16(at offset: Int) -> UInt16 {
        UInt16(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Writes a number at an offset.
    @inlinable @inline(__always)
    public func storeBigEndian(_ value: some FixedWidthInteger, at offset: Int) {
        storeBytes(of: value.bigEndian, toByteOffset: offset, as: type(of: value))
    }
}

extension [UInt8] {
    /// Appends a number.
    @inlinable @inline(__always)
    public mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    /// Writes a number over the bytes at an offset.
    @inlinable @inline(__always)
    public mutating func storeBigEndian(_ value: some FixedWidthInteger, at offset: Int) {
        withUnsafeMutableBytes { $0.storeBigEndian(value, at: offset) }
    }
}

extension UInt64 {
    /// Lends the number as eight bytes, the form in which it is a key.
    @inlinable @inline(__always)
    public func withBigEndianBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withUnsafeBytes(of: bigEndian) { try body($0) }
    }
}

/// Reads big-endian numbers and runs of bytes from memory that the caller lends. It never reads past the end.
public struct ByteReader {
    /// The bytes that were not read yet.
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
