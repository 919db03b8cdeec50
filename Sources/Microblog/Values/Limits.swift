/// The limits that an operator may choose; those of handles and names are fixed.
///
/// They bind commands only: an event that was allowed once stays readable when a limit is lowered.
public struct Limits: Hashable, Sendable {
    /// The most Unicode scalars in the text of a post.
    public var textLength: Int
    /// The most media on one post.
    public var mediaPerPost: Int

    /// Sets the limits; what is not named gets its default.
    public init(textLength: Int = 1000, mediaPerPost: Int = 10) {
        self.textLength = textLength
        self.mediaPerPost = mediaPerPost
    }
}
