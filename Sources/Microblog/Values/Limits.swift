/// The limits that an operator may choose; those of handles and names are fixed.
///
/// They bind commands only: an event that was allowed once stays readable when a limit is lowered.
public struct Limits: Hashable, Sendable {
    /// The highest that ``mediaPerPost`` can be: a post and its media are streams of one event, which has at most 255.
    public static let highestMediaPerPost = 254

    /// The most Unicode scalars in the text of a post.
    public let textLength: Int
    /// The most media on one post.
    public let mediaPerPost: Int

    /// Sets the limits; what is not named gets its default.
    ///
    /// - Precondition: `textLength` is at least 1, `mediaPerPost` 0 to 254.
    public init(textLength: Int = 1000, mediaPerPost: Int = 10) {
        precondition(textLength >= 1, "textLength \(textLength) would forbid every post")
        precondition(
            0...Limits.highestMediaPerPost ~= mediaPerPost,
            "mediaPerPost \(mediaPerPost) is not 0 to \(Limits.highestMediaPerPost)")
        self.textLength = textLength
        self.mediaPerPost = mediaPerPost
    }
}
