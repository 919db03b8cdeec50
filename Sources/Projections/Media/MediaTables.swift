internal import Bytes
internal import LMDB
public import Microblog

/// The tables of uploaded files.
struct MediaTables: Sendable {
    /// media (8) -> ``MediaRow``
    let media: Table
    /// post (8), media (8) -> nothing
    let postMedia: Table
    /// content hash (32) -> ``ContentRow``
    let contents: Table

    init(_ environment: Environment) throws {
        media = try environment.table("media")
        postMedia = try environment.table("post_media")
        contents = try environment.table("contents")
    }

    var all: [Table] { [media, postMedia, contents] }
}

extension ViewSnapshot {
    /// An uploaded file, or `nil`.
    public func media(_ id: MediaID) throws -> MediaRow? {
        try get(tables.media.media, RowKey(id.rawValue)).map { try MediaRow($0) }
    }

    /// A stored content that some uploaded file holds, or `nil`.
    public func content(_ hash: ContentHash) throws -> ContentRow? {
        try get(tables.media.contents, RowKey(hash.rawValue)).map { try ContentRow($0) }
    }
}

/// An uploaded file. Row, big-endian: owner (8), post that it is on (8; 0: not on a post), size (8), attachment (33).
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

/// A file on a post, as a post's row holds it: the content's hash (32 bytes), then its type (1).
public struct Attachment: Hashable, Sendable {
    /// What the file holds.
    public let content: ContentHash
    /// What kind of file it is.
    public let type: MediaType

    static let byteCount = 33

    /// Names a file.
    public init(content: ContentHash, type: MediaType) {
        self.content = content
        self.type = type
    }

    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.byteCount,
            let content = ContentHash(bytes: UnsafeRawBufferPointer(rebasing: bytes[..<32])),
            let type = MediaType(rawValue: bytes[32])
        else { return nil }
        self.init(content: content, type: type)
    }

    func append(to bytes: inout [UInt8]) {
        content.rawValue.withUnsafeBytes { bytes.append(contentsOf: $0) }
        bytes.append(type.rawValue)
    }
}
