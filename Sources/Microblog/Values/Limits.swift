/// The limits that an operator may choose; those of handles and names are fixed.
///
/// They bind commands only: an event that was allowed once stays readable when a limit is lowered.
public struct Limits: Hashable, Sendable {
    /// The highest that ``mediaPerPost`` can be: a post and its media are streams of one event, which has at most 255.
    public static let highestMediaPerPost = 254
    /// Thirty days, in milliseconds.
    public static let defaultHandleHold: Int64 = 30 * 24 * 3_600_000

    /// The most Unicode scalars in the text of a post.
    public let textLength: Int
    /// The most media on one post.
    public let mediaPerPost: Int
    /// How long a handle that an account gave up is kept from all others, in milliseconds: so that nobody steps into
    /// the place of someone who changed it, while many still know the old one.
    public let handleHold: Int64

    /// Sets the limits; what is not named gets its default.
    ///
    /// - Precondition: `textLength` is at least 1, `mediaPerPost` 0 to 254, `handleHold` not negative.
    public init(
        textLength: Int = 1000, mediaPerPost: Int = 10, handleHold: Int64 = Limits.defaultHandleHold
    ) {
        precondition(textLength >= 1, "textLength \(textLength) would forbid every post")
        precondition(
            0...Limits.highestMediaPerPost ~= mediaPerPost,
            "mediaPerPost \(mediaPerPost) is not 0 to \(Limits.highestMediaPerPost)")
        precondition(handleHold >= 0, "handleHold \(handleHold) is negative")
        self.textLength = textLength
        self.mediaPerPost = mediaPerPost
        self.handleHold = handleHold
    }
}
