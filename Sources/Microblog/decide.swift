/// Decides what a command brings about.
///
/// Pure: the same command over the same facts always gives the same answer. Whether an account may register others and
/// handle their keys is for the caller to check, who knows its role; everything else is checked here.
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
    case .registerAccount(let handle, let name, let role, let key):
        try facts.requireKnown(issuer)
        guard facts.lastEvent(of: .handle(handle)) == nil else { throw .handleTaken(handle) }
        if let key { try facts.requireUnused(key) }
        return .accountRegistered(handle: handle, name: name, role: role, key: key)

    case .issueKey(let account, let key):
        try facts.requireKnown(issuer)
        try facts.requireAccount(account)
        try facts.requireUnused(key)
        return .keyIssued(account: account, key: key)

    case .revokeKey(let key):
        try facts.requireKnown(issuer)
        guard let last = facts.lastEvent(of: .key(key)) else { throw .unknownKey(key) }
        return last == .keyRevoked ? nil : .keyRevoked(key)

    case .publishPost(let text, let replyTo, let media):
        let author = try facts.requireAccount(behind: issuer)
        try limits.check(text: text)
        try limits.check(media: media)
        if let replyTo { try facts.requirePost(replyTo) }
        for id in media { try facts.requireFree(id, of: author) }
        return .postPublished(text: text, replyTo: replyTo, media: media)

    case .deletePost(let post):
        let author = try facts.requireAccount(behind: issuer)
        try facts.requirePost(post, by: author)
        return .postDeleted(post)

    case .likePost(let post):
        let account = try facts.requireAccount(behind: issuer)
        try facts.requirePost(post)
        let likes = facts.lastEvent(of: .like(post, by: account)) == .postLiked
        return likes ? nil : .postLiked(post)

    case .unlikePost(let post):
        let account = try facts.requireAccount(behind: issuer)
        try facts.requirePost(post)
        let likes = facts.lastEvent(of: .like(post, by: account)) == .postLiked
        return likes ? .postUnliked(post) : nil

    case .followAccount(let account):
        let follower = try facts.requireAccount(behind: issuer)
        guard account != follower else { throw .cannotFollowYourself }
        try facts.requireAccount(account)
        let follows = facts.lastEvent(of: .follow(follower, of: account)) == .accountFollowed
        return follows ? nil : .accountFollowed(account)

    case .unfollowAccount(let account):
        let follower = try facts.requireAccount(behind: issuer)
        try facts.requireAccount(account)
        let follows = facts.lastEvent(of: .follow(follower, of: account)) == .accountFollowed
        return follows ? .accountUnfollowed(account) : nil

    case .uploadMedia(let content, let type, let size):
        _ = try facts.requireAccount(behind: issuer)
        guard size > 0 else { throw .mediaEmpty }
        return .mediaUploaded(content: content, type: type, size: size)

    case .attachMedia(let media, let post):
        let author = try facts.requireAccount(behind: issuer)
        try facts.requirePost(post, by: author)
        if let holder = try facts.holder(of: media, ownedBy: author) {
            guard holder == post else { throw .mediaAlreadyAttached(media) }
            return nil
        }
        try limits.check(mediaCount: facts.mediaCount(of: post) + 1)
        return .mediaAttached(media, to: post)
    }
}
