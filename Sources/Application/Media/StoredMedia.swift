public import Microblog

/// A file that is in the store, and kept there while this value lives.
public struct StoredMedia: Sendable {
    /// Keeps the sweeper away until the command that names the content has ended.
    public let pin: MediaPin

    /// What it is, by its content.
    public let type: MediaType

    /// How many bytes it has.
    public let size: UInt64

    /// The SHA-256 of its bytes.
    public var content: ContentHash { pin.content }
}
