/// The kinds of event.
///
/// The raw value is stored and never changes its meaning; a kind that is no longer written keeps its number.
public enum EventType: UInt8, CaseIterable, Sendable {
    case accountRegistered = 1
    case keyIssued = 2
    case keyRevoked = 3
    case postPublished = 4
    case postDeleted = 5
    case postLiked = 6
    case postUnliked = 7
    case accountFollowed = 8
    case accountUnfollowed = 9
    case mediaUploaded = 10
    case mediaAttached = 11

    /// The schema version that this program writes; it reads this one and all before it, down to 1.
    public var schema: UInt8 {
        1
    }

    /// The word for it in exports and messages.
    public var name: String {
        switch self {
        case .accountRegistered: "account_registered"
        case .keyIssued: "key_issued"
        case .keyRevoked: "key_revoked"
        case .postPublished: "post_published"
        case .postDeleted: "post_deleted"
        case .postLiked: "post_liked"
        case .postUnliked: "post_unliked"
        case .accountFollowed: "account_followed"
        case .accountUnfollowed: "account_unfollowed"
        case .mediaUploaded: "media_uploaded"
        case .mediaAttached: "media_attached"
        }
    }
}
