import Glibc

/// The order of keys: as bytes, a shorter one before all that begin with it.
enum PageKeys {
    @inline(__always)
    static func isLess(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        // Most keys of the log are positions.
        if left.count == 8, right.count == 8 {
            return UInt64(bigEndian: left.loadUnaligned(as: UInt64.self))
                < UInt64(bigEndian: right.loadUnaligned(as: UInt64.self))
        }
        let common = min(left.count, right.count)
        let order = common == 0 ? 0 : memcmp(left.baseAddress!, right.baseAddress!, common)
        return order != 0 ? order < 0 : left.count < right.count
    }

    @inline(__always)
    static func isEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard left.count == right.count else { return false }
        return left.isEmpty || memcmp(left.baseAddress!, right.baseAddress!, left.count) == 0
    }
}
