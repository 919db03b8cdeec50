/// What an issuer wants done; ``decide(_:by:limits:facts:)`` answers with an event, with nothing, or with a rejection.
public enum Command: Hashable, Sendable {
    /// Makes an account, with a first key if one is given.
    case registerAccount(handle: Handle, name: DisplayName, role: Role, key: KeyHash?)
    /// Lets a further key act for an account.
    case issueKey(account: AccountID, key: KeyHash)
    /// Ends a key for good.
    case revokeKey(KeyHash)
    /// Publishes a post, with media uploaded before, as an answer to another post or on its own.
    case publishPost(text: String, replyTo: PostID?, media: [MediaID])
    /// Deletes a post of the issuer's own; its likes and media go with it, replies to it stay.
    case deletePost(PostID)
    /// Likes a post, be it one's own.
    case likePost(PostID)
    /// Takes a like back.
    case unlikePost(PostID)
    /// Follows an account.
    case followAccount(AccountID)
    /// Ends following an account.
    case unfollowAccount(AccountID)
    /// Records a file that the media store holds already; `size` is in bytes.
    case uploadMedia(content: ContentHash, type: MediaType, size: UInt64)
    /// Puts an uploaded file on a post that is there already.
    case attachMedia(MediaID, to: PostID)
}
