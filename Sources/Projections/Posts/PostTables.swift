internal import Bytes
internal import LMDB
public import Microblog

/// The tables of posts. Authors' logs have their own: see ``FeedTables``.
struct PostTables: Sendable {
    /// post (8) -> ``PostRow``
    let posts: Table
    /// answered post (8), reply (8) -> nothing
    let replies: Table

    init(_ environment: Environment) throws {
        posts = try environment.table("posts")
        replies = try environment.table("replies")
    }
}

extension ViewSnapshot {
    /// A post, or `nil`.
    public func post(_ id: PostID) throws -> PostRow? {
        try get(tables.posts.posts, RowKey(id.rawValue)).map { try PostRow(id: id, $0) }
    }

    /// Lends the posts of an author's log, newest entry first, from before an entry on, until `body` answers `false`.
    ///
    /// - Parameter body: gets the entry, and the post that it shows.
    public func posts(
        by author: AccountID, before bound: UInt64? = nil, _ body: (FeedEntry, PostRow) throws -> Bool
    ) throws {
        try descend(.newest, of: author, below: bound.map { FeedPlace(likes: 0, entry: $0) }) { _, entry in
            try body(entry, existing(entry.post, from: "by_time"))
        }
    }

    /// Lends the replies to a post, newest first, from before a post on, until `body` answers `false`.
    public func replies(to post: PostID, before bound: PostID? = nil, _ body: (PostRow) throws -> Bool) throws {
        try descend(tables.posts.replies, post.rawValue, before: bound?.rawValue) { id, _ in
            try body(existing(PostID(id), from: "replies"))
        }
    }

    /// A post that another table names.
    func existing(_ id: PostID, from table: String) throws -> PostRow {
        guard let row = try post(id) else { throw ViewCorruption(table: table, key: "\(id)") }
        return row
    }
}

/// A post as a page shows it: a view of its row. It lives as long as the snapshot that lent it.
///
/// Row, big-endian: author (8), time (8), replied to (8; 0: none), likes (4), number of attachments (1), attachments
/// (33 each), text. Only the author's row holds the author's name.
public struct PostRow {
    /// Its id.
    public let id: PostID
    let bytes: UnsafeRawBufferPointer
    private let attachmentsEnd: Int

    static let headerSize = 29
    static let attachmentsOffset = 28
    static let likesOffset = 24

    init(id: PostID, _ bytes: UnsafeRawBufferPointer) throws(ViewCorruption) {
        guard bytes.count >= Self.headerSize else { throw ViewCorruption(table: "posts", key: "\(id)") }
        attachmentsEnd = Self.headerSize + Int(bytes[Self.attachmentsOffset]) * Attachment.byteCount
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
    /// The text, in UTF-8.
    public var text: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[attachmentsEnd...]) }
    /// How many files are on it.
    public var attachmentCount: Int { Int(bytes[Self.attachmentsOffset]) }

    /// The file at an index below ``attachmentCount``.
    public func attachment(at index: Int) throws(ViewCorruption) -> Attachment {
        let start = Self.headerSize + index * Attachment.byteCount
        let bytes = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + Attachment.byteCount)])
        guard let attachment = Attachment(bytes) else { throw ViewCorruption(table: "posts", key: "\(id)") }
        return attachment
    }

    /// Appends a post's row.
    static func append(
        author: AccountID, time: Int64, replyTo: PostID?, likes: UInt32, attachments: [Attachment], text: String,
        to row: inout [UInt8]
    ) {
        row.append(bigEndian: author.rawValue)
        row.append(bigEndian: time)
        row.append(bigEndian: replyTo?.rawValue ?? 0)
        row.append(bigEndian: likes)
        row.append(UInt8(attachments.count))
        for attachment in attachments { attachment.append(to: &row) }
        row += text.utf8
    }

    /// The row with one more attachment, after the ones that it has.
    static func attaching(_ attachment: Attachment, to row: [UInt8], id: PostID) throws -> [UInt8] {
        let (end, count) = try row.withUnsafeBytes { bytes in
            let post = try PostRow(id: id, bytes)
            return (post.attachmentsEnd, post.attachmentCount)
        }
        var file: [UInt8] = []
        attachment.append(to: &file)
        var longer = row
        longer.insert(contentsOf: file, at: end)
        longer[attachmentsOffset] = UInt8(count + 1)
        return longer
    }
}
