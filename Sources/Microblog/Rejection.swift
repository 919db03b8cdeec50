/// The rule that forbids a command, with the values that broke it.
public enum Rejection: Error, Hashable, Sendable {
    case handleLength(length: Int, limit: Int)
    case handleCharacter(Unicode.Scalar)
    case nameBlank
    case nameTooLong(length: Int, limit: Int)
    case textBlank
    case textTooLong(length: Int, limit: Int)
    case tooManyMedia(count: Int, limit: Int)
    case duplicateMedia(MediaID)
    case mediaEmpty
    case cannotFollowYourself
    case accountRequired
    case notAuthor(PostID)
    case mediaNotOwned(MediaID)
    case unknownAccount(AccountID)
    case unknownPost(PostID)
    case unknownMedia(MediaID)
    case unknownKey(KeyHash)
    case handleTaken(Handle)
    case keyInUse(KeyHash)
    case mediaAlreadyAttached(MediaID)

    /// What kind of reason it is.
    public var category: RejectionCategory {
        switch self {
        case .handleLength, .handleCharacter, .nameBlank, .nameTooLong, .textBlank, .textTooLong, .tooManyMedia,
            .duplicateMedia, .mediaEmpty:
            .invalid
        case .cannotFollowYourself: .impossible
        case .accountRequired, .notAuthor, .mediaNotOwned: .forbidden
        case .unknownAccount, .unknownPost, .unknownMedia, .unknownKey: .notFound
        case .handleTaken, .keyInUse, .mediaAlreadyAttached: .conflict
        }
    }
}
