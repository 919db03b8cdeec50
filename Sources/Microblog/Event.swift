/// What has happened, for good.
///
/// Time, position and the account that acted are no part of it: the log keeps these beside every event. So the
/// author of a post, and whoever likes, follows or uploads, is the event's ``Issuer``.
public enum Event: Hashable, Sendable {
    /// An account came to be; its id is the event's position.
    case accountRegistered(handle: Handle, name: DisplayName, role: Role, key: KeyHash?)
    /// A further key acts for an account.
    case keyIssued(account: AccountID, key: KeyHash)
    /// A key acts for nobody any more.
    case keyRevoked(KeyHash)
    /// The issuer published a post; its id is the event's position. The media are in the order in which they show.
    case postPublished(text: String, replyTo: PostID?, media: [MediaID])
    /// The author deleted a post.
    case postDeleted(PostID)
    /// The issuer liked a post.
    case postLiked(PostID)
    /// The issuer took a like back.
    case postUnliked(PostID)
    /// The issuer follows this account from now on.
    case accountFollowed(AccountID)
    /// The issuer no longer follows this account.
    case accountUnfollowed(AccountID)
    /// The issuer uploaded a file of `size` bytes; its id is the event's position.
    case mediaUploaded(content: ContentHash, type: MediaType, size: UInt64)
    /// The author put a file on a post, after those it had.
    case mediaAttached(MediaID, to: PostID)

    /// The kind of event, without its values.
    public var type: EventType {
        switch self {
        case .accountRegistered: .accountRegistered
        case .keyIssued: .keyIssued
        case .keyRevoked: .keyRevoked
        case .postPublished: .postPublished
        case .postDeleted: .postDeleted
        case .postLiked: .postLiked
        case .postUnliked: .postUnliked
        case .accountFollowed: .accountFollowed
        case .accountUnfollowed: .accountUnfollowed
        case .mediaUploaded: .mediaUploaded
        case .mediaAttached: .mediaAttached
        }
    }
}
