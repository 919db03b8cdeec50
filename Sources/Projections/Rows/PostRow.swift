internal import Bytes
public import Microblog

/// A post as a page shows it: a view of its row, which lives as long as the snapshot that lent it.
///
/// Row, big-endian: author (8), time (8), replied to (8; 0: none), likes (4), length of the name (2), number of
/// attachments (1), zero (1), author's name, attachments (33 each), text.
public struct PostRow {
    /// Its id.
    public let id: PostID
    let bytes: UnsafeRawBufferPointer
    private let nameEnd: Int
    private let attachmentsEnd: Int

    static let headerSize = 32
    static let likesOffset = 24

    init(id: PostID, _ bytes: UnsafeRawBufferPointer) throws(ViewCorruption) {
        guard bytes.count >= Self.headerSize else { throw ViewCorruption(table: "posts", key: "\(id)") }
        nameEnd = Self.headerSize + Int(bytes.bigEndianUInt16(at: 28))
        attachmentsEnd = nameEnd + Int(bytes[30]) * Attachment.byteCount
        guard attachmentsEnd <= bytes.count else { throw ViewCorruption(table: "posts", key: "\(id)") }
        self.id = id
        self.bytes = bytes
    }

    /// Who wrote it.
    public var author: AccountID { AccountID(bytes.bigEndianUInt64(at: 0)) }
    /// When, in milliseconds since 1970 UTC.
    public var time: Int64 { Int64(bitPattern: bytes.bigEndianUInt64(at: 8)) }
    /// The post that it answers, which may be gone.
    public var replyTo: PostID? {
        let id = bytes.bigEndianUInt64(at: 16)
        return id == 0 ? nil : PostID(id)
    }
    /// How many accounts like it.
    public var likes: UInt32 { bytes.bigEndianUInt32(at: Self.likesOffset) }
    /// The author's name, in UTF-8.
    public var authorName: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[Self.headerSize..<nameEnd]) }
    /// The text, in UTF-8.
    public var text: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[attachmentsEnd...]) }
    /// How many files are on it.
    public var attachmentCount: Int { Int(bytes[30]) }

    /// The file at an index below ``attachmentCount``.
    public func attachment(at index: Int) throws(ViewCorruption) -> Attachment {
        let start = nameEnd + index * Attachment.byteCount
        let bytes = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + Attachment.byteCount)])
        guard let attachment = Attachment(bytes) else { throw ViewCorruption(table: "posts", key: "\(id)") }
        return attachment
    }

    /// Appends a post's row.
    static func append(
        author: AccountID, time: Int64, replyTo: PostID?, likes: UInt32, name: [UInt8], attachments: [Attachment],
        text: String, to row: inout [UInt8]
    ) {
        row.append(bigEndian: author.rawValue)
        row.append(bigEndian: time)
        row.append(bigEndian: replyTo?.rawValue ?? 0)
        row.append(bigEndian: likes)
        row.append(bigEndian: UInt16(name.count))
        row.append(UInt8(attachments.count))
        row.append(0)
        row += name
        for attachment in attachments { attachment.append(to: &row) }
        row += text.utf8
    }

    /// The row with one attachment more, after those it has.
    static func attaching(_ attachment: Attachment, to row: [UInt8], id: PostID) throws -> [UInt8] {
        let (end, count) = try row.withUnsafeBytes { bytes in
            let post = try PostRow(id: id, bytes)
            return (post.attachmentsEnd, post.attachmentCount)
        }
        var file: [UInt8] = []
        attachment.append(to: &file)
        var longer = row
        longer.insert(contentsOf: file, at: end)
        longer[30] = UInt8(count + 1)
        return longer
    }
}
