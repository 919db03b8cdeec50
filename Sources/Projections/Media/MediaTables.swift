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
