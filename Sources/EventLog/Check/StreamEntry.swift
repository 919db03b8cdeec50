import Hashing

/// How events and rows of streams are packed into the third number of a sorted entry; the first two are a hash of the
/// stream's name, of 96 bits: the fewer bits differ, the quicker is the sort.
///
/// An event: zero, position (39 bits), a trace of the version (16), type (8). A row: one, 63 bits of a hash of its value.
enum StreamEntry {
    static let limit: Position = 1 << 39
    static let secondMask: UInt64 = 0xFFFF_FFFF
    private static let rowFlag: UInt64 = 1 << 63

    @inline(__always)
    static func event(at position: Position, _ version: Version, _ type: UInt8) -> UInt64 {
        position << 24 | UInt64(trace(version)) << 8 | UInt64(type)
    }

    @inline(__always)
    static func row(_ value: UnsafeRawBufferPointer, _ hash: KeyedHash) -> UInt64 { hash(value).low | rowFlag }

    @inline(__always)
    static func isRow(_ entry: UInt64) -> Bool { entry & rowFlag != 0 }

    @inline(__always)
    static func position(_ entry: UInt64) -> Position { entry >> 24 }

    @inline(__always)
    static func isVersion(_ version: Version, _ entry: UInt64) -> Bool {
        UInt16(truncatingIfNeeded: entry >> 8) == trace(version)
    }

    @inline(__always)
    static func type(_ entry: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: entry) }

    /// Sixteen bits that change with every single bit of a version.
    @inline(__always)
    private static func trace(_ version: Version) -> UInt16 {
        UInt16(truncatingIfNeeded: version ^ version >> 16 ^ version >> 32 ^ version >> 48)
    }
}
