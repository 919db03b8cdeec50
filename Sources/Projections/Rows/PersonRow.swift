internal import Bytes
public import Microblog

/// Someone in a list (of likes, followers, followed): a view of the row, which lives as long as its snapshot.
///
/// Row: account (8, big-endian), then the name in UTF-8, so that a list needs no look-up per entry.
public struct PersonRow {
    private let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer, table: String) throws(ViewCorruption) {
        guard bytes.count >= 8 else { throw ViewCorruption(table: table, key: "a person") }
        self.bytes = bytes
    }

    /// Who it is.
    public var account: AccountID { AccountID(bytes.bigEndianUInt64(at: 0)) }
    /// The name, in UTF-8.
    public var name: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[8...]) }
}
