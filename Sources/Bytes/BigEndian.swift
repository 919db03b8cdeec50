/// Numbers as big-endian bytes: then the order of bytes is the order of numbers, which keys need.
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
