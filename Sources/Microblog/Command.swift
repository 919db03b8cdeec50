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

    /// Appends bytes that are equal for equal commands and differ for all others.
    ///
    /// A hash of them is what tells a retry with the same idempotency key from another command with it. Issuer and
    /// idempotency key are no part of them. The layout is in `docs/events.md`; to change it makes retries across an
    /// upgrade look like other commands.
    public func encode(into bytes: inout [UInt8]) {
        let body = body
        bytes.append(body.number)
        body.encode(into: &bytes)
    }
}

/// What one kind of command says of itself.
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
