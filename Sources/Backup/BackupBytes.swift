/// Reads the contents of a part of a backup file, never beyond their end.
struct BackupBytes {
    private var rest: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func integer<Number: FixedWidthInteger>() throws(BackupContentError) -> Number {
        Number(bigEndian: try bytes(MemoryLayout<Number>.size).loadUnaligned(as: Number.self))
    }

    mutating func bytes(_ count: Int) throws(BackupContentError) -> UnsafeRawBufferPointer {
        guard count <= rest.count else {
            throw BackupContentError("\(count) bytes are expected where \(rest.count) are left")
        }
        defer { rest = UnsafeRawBufferPointer(rebasing: rest[count...]) }
        return UnsafeRawBufferPointer(rebasing: rest[..<count])
    }

    /// - Throws: when something is left.
    func end() throws(BackupContentError) {
        guard rest.isEmpty else { throw BackupContentError("\(rest.count) bytes are left over") }
    }
}

/// The contents of a part of a backup file are what its hash says, but not what they should be: the program that wrote
/// it had an error, or somebody else wrote it.
struct BackupContentError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension [UInt8] {
    @inline(__always)
    mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
