/// What an issuer wants done; ``decide(_:by:limits:facts:)`` answers with an event, with nothing, or with a rejection.
///
/// A case has two rows here, itself and its ``body``, and one in ``decide(_:by:limits:facts:)``. All else is in its
/// noun's file.
public enum Command: Hashable, Sendable {
    case registerAccount(RegisterAccount)
    case changeAccount(ChangeAccount)
    case issueKey(IssueKey)
    case revokeKey(RevokeKey)
    case publishPost(PublishPost)
    case deletePost(DeletePost)
    case likePost(LikePost)
    case unlikePost(UnlikePost)
    case followAccount(FollowAccount)
    case unfollowAccount(UnfollowAccount)
    case uploadMedia(UploadMedia)
    case attachMedia(AttachMedia)
    case pinPost(PinPost)
    case unpinPost(UnpinPost)

    private var body: any CommandBody {
        switch self {
        case .registerAccount(let body): body
        case .changeAccount(let body): body
        case .issueKey(let body): body
        case .revokeKey(let body): body
        case .publishPost(let body): body
        case .deletePost(let body): body
        case .likePost(let body): body
        case .unlikePost(let body): body
        case .followAccount(let body): body
        case .unfollowAccount(let body): body
        case .uploadMedia(let body): body
        case .attachMedia(let body): body
        case .pinPost(let body): body
        case .unpinPost(let body): body
        }
    }

    /// The handle that it wants for an account; `nil` if it wants none.
    var handle: Handle? {
        switch self {
        case .registerAccount(let body): body.handle
        case .changeAccount(let body): body.handle
        default: nil
        }
    }

    /// Appends bytes that are equal for equal commands and differ for all others.
    ///
    /// A keyed hash of these bytes tells whether two commands with the same idempotency key are the same command. The issuer
    /// and the idempotency key are not included. The layout is in `docs/events.md`. If it changes, a retry after an
    /// upgrade looks like another command.
    public func encode(into bytes: inout [UInt8]) {
        let body = body
        bytes.append(body.number)
        body.encode(into: &bytes)
    }
}

/// What each kind of command defines.
protocol CommandBody: Hashable, Sendable {
    /// Begins the bytes of the command, and never changes.
    static var code: UInt8 { get }

    /// Appends the fields.
    func encode(into bytes: inout [UInt8])

    /// The noun's rule: see ``Microblog/decide(_:by:limits:facts:)``.
    func decide<Known: Facts & ~Copyable>(
        by issuer: Issuer, limits: Limits, facts: inout Known
    ) throws(Rejection) -> Event?
}

extension CommandBody {
    fileprivate var number: UInt8 { Self.code }
}

/// Decides what a command brings about.
///
/// It is pure: the same command over the same facts always gives the same answer. The caller checks whether an account
/// may register others and handle their keys, because it knows the account's role. Everything else is checked here.
///
/// - Parameters:
///   - command: what is wanted.
///   - issuer: who wants it; becomes the actor of the event.
///   - limits: what the operator allows.
///   - facts: what has happened so far.
/// - Returns: the one event to append, or `nil` if what is wanted is already so.
/// - Throws: the rule that forbids it.
public func decide<Known: Facts & ~Copyable>(
    _ command: Command, by issuer: Issuer, limits: Limits, facts: inout Known
) throws(Rejection) -> Event? {
    switch command {
    case .registerAccount(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .changeAccount(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .issueKey(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .revokeKey(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .publishPost(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .deletePost(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .likePost(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .unlikePost(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .followAccount(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .unfollowAccount(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .uploadMedia(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .attachMedia(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .pinPost(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    case .unpinPost(let command): try command.decide(by: issuer, limits: limits, facts: &facts)
    }
}

/// The limits that an operator may choose. The limits of handles and names are fixed.
///
/// They apply to commands only. An event that was allowed once stays readable when a limit is lowered.
public struct Limits: Hashable, Sendable {
    /// The highest that ``mediaPerPost`` can be: a post and its media are streams of one event, which has at most 255.
    public static let highestMediaPerPost = 254
    /// Thirty days, in milliseconds.
    public static let defaultHandleHold: Int64 = 30 * 24 * 3_600_000

    /// The most Unicode scalars in the text of a post.
    public let textLength: Int
    /// The most media on one post.
    public let mediaPerPost: Int
    /// How long other accounts cannot take a handle that an account gave up, in milliseconds. So nobody can pose as an
    /// account that changed its handle while people still know the old one.
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
