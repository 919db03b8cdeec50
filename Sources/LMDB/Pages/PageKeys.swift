import Glibc

/// The order of keys: by bytes. A shorter key comes before all keys that begin with it.
enum PageKeys {
    @inline(__always)
    static func isLess(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        // Most keys begin with a number, and this number differs.
        if left.count >= 8, right.count >= 8 {
            let (one, other) = (number(left, at: 0), number(right, at: 0))
            if one != other { return one < other }
            if left.count >= 16, right.count >= 16 {
                let (one, other) = (number(left, at: 8), number(right, at: 8))
                if one != other { return one < other }
            }
            if left.count == 8 || right.count == 8 { return left.count < right.count }
        }
        let common = min(left.count, right.count)
        let order = common == 0 ? 0 : memcmp(left.baseAddress!, right.baseAddress!, common)
        return order != 0 ? order < 0 : left.count < right.count
    }

    @inline(__always)
    static func isEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard left.count == right.count else { return false }
        if left.count == 8 { return number(left, at: 0) == number(right, at: 0) }
        return left.isEmpty || memcmp(left.baseAddress!, right.baseAddress!, left.count) == 0
    }

    /// Eight bytes as a number that compares as they do.
    @inline(__always)
    private static func number(_ key: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
        UInt64(bigEndian: (key.baseAddress! + offset).loadUnaligned(as: UInt64.self))
    }
}
