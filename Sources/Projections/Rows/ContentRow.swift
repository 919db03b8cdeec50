internal import Bytes
public import Microblog

/// A stored content that at least one uploaded file holds. Row, big-endian: number of files (4), type (1), size (8).
public struct ContentRow: Equatable, Sendable {
    /// How many uploaded files hold it.
    public var references: UInt32
    /// What kind of file it is.
    public let type: MediaType
    /// Its size in bytes.
    public let size: UInt64

    init(references: UInt32, type: MediaType, size: UInt64) {
        self.references = references
        self.type = type
        self.size = size
    }

    init(_ bytes: UnsafeRawBufferPointer) throws(ViewCorruption) {
        guard bytes.count == 13, let type = MediaType(rawValue: bytes[4]) else {
            throw ViewCorruption(table: "contents", key: "a content")
        }
        self.init(references: bytes.bigEndianUInt32(at: 0), type: type, size: bytes.bigEndianUInt64(at: 5))
    }

    func append(to row: inout [UInt8]) {
        row.append(bigEndian: references)
        row.append(type.rawValue)
        row.append(bigEndian: size)
    }
}
