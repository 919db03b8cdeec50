internal import Bytes
public import Microblog

/// An uploaded file. Row, big-endian: owner (8), post that it is on (8; 0: none yet), size (8), attachment (33).
public struct MediaRow: Equatable, Sendable {
    /// Who uploaded it.
    public let owner: AccountID
    /// The post that it is on.
    public var post: PostID?
    /// Its size in bytes.
    public let size: UInt64
    /// What it holds.
    public let file: Attachment

    init(owner: AccountID, post: PostID?, size: UInt64, file: Attachment) {
        self.owner = owner
        self.post = post
        self.size = size
        self.file = file
    }

    init(_ bytes: UnsafeRawBufferPointer) throws(ViewCorruption) {
        guard bytes.count == 24 + Attachment.byteCount,
            let file = Attachment(UnsafeRawBufferPointer(rebasing: bytes[24...]))
        else { throw ViewCorruption(table: "media", key: "a file") }
        let post = bytes.bigEndianUInt64(at: 8)
        self.init(
            owner: AccountID(bytes.bigEndianUInt64(at: 0)), post: post == 0 ? nil : PostID(post),
            size: bytes.bigEndianUInt64(at: 16), file: file)
    }

    func append(to row: inout [UInt8]) {
        row.append(bigEndian: owner.rawValue)
        row.append(bigEndian: post?.rawValue ?? 0)
        row.append(bigEndian: size)
        file.append(to: &row)
    }
}
