internal import CISAL

/// CRC32C (Castagnoli; RFC 3720, appendix B.4), by ISA-L, which uses the processor's instruction.
enum Checksum {
    /// The checksum of a record: of its position as eight big-endian bytes, then its bytes, so that a record that
    /// turns up at another position is damage too.
    @inline(__always)
    static func of(position: Position, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
        let seed = position.withKey { extend(.max, $0) }
        return ~extend(seed, bytes)
    }

    @inline(__always)
    private static func extend(_ crc: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
        // ISA-L's signature lacks `const`; it does not write.
        let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress)?.assumingMemoryBound(to: UInt8.self)
        return crc32_iscsi(start, Int32(bytes.count), crc)
    }
}
