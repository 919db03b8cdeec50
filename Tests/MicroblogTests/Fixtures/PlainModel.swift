import Microblog

/// The rules once more, over plain sets: slow, obvious, and knowing nothing of streams or events.
struct PlainModel {
    enum Answer: Equatable {
        case event
        case alreadySo
        case rejected(String)
    }

    private struct Pair: Hashable {
        let left: UInt64
        let right: UInt64
    }

    private struct Post {
        let author: UInt64
        var media: Set<MediaID>
    }

    private var accounts: Set<UInt64> = []
    private var handles: Set<Handle> = []
    private var keys: [KeyHash: Bool] = [:]
    private var posts: [PostID: Post] = [:]
    private var owners: [MediaID: UInt64] = [:]
    private var holders: [MediaID: PostID] = [:]
    private var likes: Set<Pair> = []
    private var follows: Set<Pair> = []

    func answer(to command: Command, by issuer: Issuer, limits: Limits) -> Answer {
        let actor = issuer.rawValue
        switch (command, issuer) {
        case (.registerAccount, .operator), (.issueKey, .operator), (.revokeKey, .operator): break
        case (_, .operator): return .rejected("account_required")
        case (_, .account): if !accounts.contains(actor) { return .rejected("unknown_account") }
        }
        switch command {
        case .registerAccount(let handle, _, _, let key):
            if handles.contains(handle) { return .rejected("handle_taken") }
            if let key, keys[key] != nil { return .rejected("key_in_use") }
        case .issueKey(let account, let key):
            if !accounts.contains(account.rawValue) { return .rejected("unknown_account") }
            if keys[key] != nil { return .rejected("key_in_use") }
        case .revokeKey(let key):
            guard let live = keys[key] else { return .rejected("unknown_key") }
            if !live { return .alreadySo }
        case .publishPost(let text, let replyTo, let media):
            if !text.contains(where: { !$0.isWhitespace }) { return .rejected("text_blank") }
            if text.unicodeScalars.count > limits.textLength { return .rejected("text_too_long") }
            if media.count > limits.mediaPerPost { return .rejected("too_many_media") }
            if Set(media).count < media.count { return .rejected("duplicate_media") }
            if let replyTo, posts[replyTo] == nil { return .rejected("unknown_post") }
            for id in media { if let word = obstacle(to: id, of: actor) { return .rejected(word) } }
        case .deletePost(let post):
            guard let post = posts[post] else { return .rejected("unknown_post") }
            if post.author != actor { return .rejected("not_author") }
        case .likePost(let post):
            if posts[post] == nil { return .rejected("unknown_post") }
            if likes.contains(Pair(left: actor, right: post.rawValue)) { return .alreadySo }
        case .unlikePost(let post):
            if posts[post] == nil { return .rejected("unknown_post") }
            if !likes.contains(Pair(left: actor, right: post.rawValue)) { return .alreadySo }
        case .followAccount(let account):
            if account.rawValue == actor { return .rejected("cannot_follow_yourself") }
            if !accounts.contains(account.rawValue) { return .rejected("unknown_account") }
            if follows.contains(Pair(left: actor, right: account.rawValue)) { return .alreadySo }
        case .unfollowAccount(let account):
            if !accounts.contains(account.rawValue) { return .rejected("unknown_account") }
            if !follows.contains(Pair(left: actor, right: account.rawValue)) { return .alreadySo }
        case .uploadMedia(_, _, let size):
            if size == 0 { return .rejected("media_empty") }
        case .attachMedia(let media, let post):
            guard let post = posts[post] else { return .rejected("unknown_post") }
            if post.author != actor { return .rejected("not_author") }
            if owners[media] == actor, post.media.contains(media) { return .alreadySo }
            if let word = obstacle(to: media, of: actor) { return .rejected(word) }
            if post.media.count == limits.mediaPerPost { return .rejected("too_many_media") }
        }
        return .event
    }

    mutating func apply(_ command: Command, by issuer: Issuer, at position: UInt64) {
        let actor = issuer.rawValue
        switch command {
        case .registerAccount(let handle, _, _, let key):
            accounts.insert(position)
            handles.insert(handle)
            if let key { keys[key] = true }
        case .issueKey(_, let key): keys[key] = true
        case .revokeKey(let key): keys[key] = false
        case .publishPost(_, _, let media):
            posts[PostID(position)] = Post(author: actor, media: Set(media))
            for id in media { holders[id] = PostID(position) }
        case .deletePost(let post): posts[post] = nil
        case .likePost(let post): likes.insert(Pair(left: actor, right: post.rawValue))
        case .unlikePost(let post): likes.remove(Pair(left: actor, right: post.rawValue))
        case .followAccount(let account): follows.insert(Pair(left: actor, right: account.rawValue))
        case .unfollowAccount(let account): follows.remove(Pair(left: actor, right: account.rawValue))
        case .uploadMedia: owners[MediaID(position)] = actor
        case .attachMedia(let media, let post):
            posts[post]?.media.insert(media)
            holders[media] = post
        }
    }

    private func obstacle(to media: MediaID, of actor: UInt64) -> String? {
        guard let owner = owners[media] else { return "unknown_media" }
        if let post = holders[media], posts[post] == nil { return "unknown_media" }
        if owner != actor { return "media_not_owned" }
        return holders[media] != nil ? "media_already_attached" : nil
    }
}
