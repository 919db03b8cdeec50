/// What must be consistent together: the events of one stream have a strict order, and its newest one answers the
/// question that a rule asks.
///
/// One event may be the next of several streams at once, see ``Event/streams(at:by:)``.
public enum Stream: Hashable, Sendable {
    /// Is this handle taken?
    case handle(Handle)
    /// Does this account exist?
    case account(AccountID)
    /// Is this key in use, or was it ever?
    case key(KeyHash)
    /// Does this post exist still, and what was put on it?
    case post(PostID)
    /// Does this account like this post?
    case like(PostID, by: AccountID)
    /// Does the first account follow the second?
    case follow(AccountID, of: AccountID)
    /// Is this file there, and is it on a post?
    case media(MediaID)
}
