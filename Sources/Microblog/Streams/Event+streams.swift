extension Event {
    /// The streams that this event is the next event of.
    ///
    /// A `mediaAttached` is also in its post's stream: so the version of that stream tells how many were attached
    /// (see ``Facts/mediaCount(of:)``), and two attachments to one post are ordered.
    ///
    /// - Parameters:
    ///   - position: where the event is, or will be, in the log; the id of what it creates.
    ///   - issuer: the event's actor. Only an account likes and follows, as ``decide(_:by:limits:facts:)`` sees to.
    public func streams(at position: UInt64, by issuer: Issuer) -> BoundStreams {
        let actor = AccountID(issuer.rawValue)
        return switch self {
        case .accountRegistered(let handle, _, _, let key):
            BoundStreams(.account(AccountID(position)), .names(handle, key))
        case .keyIssued(_, let key), .keyRevoked(let key):
            BoundStreams(.key(key))
        case .postPublished(_, _, let media):
            BoundStreams(.post(PostID(position)), media.isEmpty ? .none : .media(media))
        case .postDeleted(let post):
            BoundStreams(.post(post))
        case .postLiked(let post), .postUnliked(let post):
            BoundStreams(.like(post, by: actor))
        case .accountFollowed(let account), .accountUnfollowed(let account):
            BoundStreams(.follow(actor, of: account))
        case .mediaUploaded:
            BoundStreams(.media(MediaID(position)))
        case .mediaAttached(let media, let post):
            BoundStreams(.media(media), .post(post))
        }
    }
}
