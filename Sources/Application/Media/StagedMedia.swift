public import Microblog

/// An uploaded file that has ended but is not in the store yet. Dropping the last copy drops the file.
public struct StagedMedia: Sendable {
    /// The SHA-256 of its bytes.
    public let content: ContentHash

    /// What it is, by its content; `nil` when it is none of the types that are taken.
    public let type: MediaType?

    /// How many bytes it has.
    public let size: UInt64

    let staging: MediaStaging
}
