public import Microblog

/// What a sweep did.
public struct SweptMedia: Equatable, Sendable {
    /// The files that were removed.
    public var removed: [ContentHash] = []

    /// The files that nothing refers to, but that somebody holds, as an upload or a backup does: sweep these again.
    public var putOff: [ContentHash] = []
}
