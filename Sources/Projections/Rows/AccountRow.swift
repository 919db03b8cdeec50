internal import Bytes
public import Microblog

/// An account: a view of its row, which lives as long as its snapshot.
///
/// Row: time of registration (8, big-endian), role (1), length of the handle (1), handle, name in UTF-8.
public struct AccountRow {
    /// Its id.
    public let id: AccountID
    private let bytes: UnsafeRawBufferPointer
    private let handleEnd: Int

    static let headerSize = 10

    init(id: AccountID, _ bytes: UnsafeRawBufferPointer) throws(ViewCorruption) {
        guard bytes.count >= Self.headerSize, bytes.count >= Self.headerSize + Int(bytes[9]) else {
            throw ViewCorruption(table: "accounts", key: "\(id)")
        }
        handleEnd = Self.headerSize + Int(bytes[9])
        self.id = id
        self.bytes = bytes
    }

    /// When it was registered, in milliseconds since 1970 UTC.
    public var time: Int64 { Int64(bitPattern: bytes.bigEndianUInt64(at: 0)) }
    /// What it may do.
    public var role: Role { Role(rawValue: bytes[8]) ?? .member }
    /// The handle, in ASCII.
    public var handle: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[Self.headerSize..<handleEnd]) }
    /// The name, in UTF-8.
    public var name: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[handleEnd...]) }

    static func append(time: Int64, role: Role, handle: Handle, name: DisplayName, to row: inout [UInt8]) {
        row.append(bigEndian: time)
        row.append(role.rawValue)
        row.append(UInt8(handle.count))
        handle.append(to: &row)
        row += name.text.utf8
    }
}
