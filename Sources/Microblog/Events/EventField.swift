/// The fields of events, by the names that exports and messages use.
public enum EventField: String, Hashable, Sendable {
    case account
    case content
    case handle
    case keyHash = "key_hash"
    case media
    case mediaType = "media_type"
    case name
    case post
    case replyTo = "reply_to"
    case role
    case size
    case text
}
