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

    private enum Holder {
        case has(UInt64)
        case had(UInt64, until: Int64)
    }

    private struct Post {
        let author: UInt64
        var media: Set<MediaID>
    }

    private var accounts: Set<UInt64> = []
    /// Who has a handle, or who gave it up when.
    private var handles: [Handle: Holder] = [:]
    private var names: [UInt64: (name: String, handle: Handle)] = [:]
    private var keys: [KeyHash: Bool] = [:]
    private var posts: [PostID: Post] = [:]
    private var owners: [MediaID: UInt64] = [:]
    private var holders: [MediaID: PostID] = [:]
    private var likes: Set<Pair> = []
    private var pins: Set<PostID> = []
    private var follows: Set<Pair> = []

    func answer(to command: Command, by issuer: Issuer, at time: Int64, limits: Limits) -> Answer {
        let actor = issuer.rawValue
        switch (command, issuer) {
        case (.registerAccount, .operator), (.changeAccount, .operator), (.issueKey, .operator),
            (.revokeKey, .operator):
            break
        case (_, .operator): return .rejected("account_required")
        case (_, .account): if !accounts.contains(actor) { return .rejected("unknown_account") }
        }
        switch command {
        case .registerAccount(let command):
            if let word = obstacle(to: command.handle, of: 0, time, limits) { return .rejected(word) }
            if let key = command.key, keys[key] != nil { return .rejected("key_in_use") }
        case .changeAccount(let command):
            let account = command.account.rawValue
            if actor != 0, actor != account { return .rejected("not_your_account") }
            guard let old = names[account] else { return .rejected("unknown_account") }
            let handle = command.handle ?? old.handle
            if handle == old.handle, command.name?.text ?? old.name == old.name { return .alreadySo }
            if handle != old.handle, let word = obstacle(to: handle, of: account, time, limits) {
                return .rejected(word)
            }
        case .issueKey(let command):
            if !accounts.contains(command.account.rawValue) { return .rejected("unknown_account") }
            if keys[command.key] != nil { return .rejected("key_in_use") }
        case .revokeKey(let command):
            guard let live = keys[command.key] else { return .rejected("unknown_key") }
            if !live { return .alreadySo }
        case .publishPost(let command):
            let media = command.media
            if !command.text.contains(where: { !$0.isWhitespace }) { return .rejected("text_blank") }
            if command.text.unicodeScalars.count > limits.textLength { return .rejected("text_too_long") }
            if media.count > limits.mediaPerPost { return .rejected("too_many_media") }
            if Set(media).count < media.count { return .rejected("duplicate_media") }
            if let replyTo = command.replyTo, posts[replyTo] == nil { return .rejected("unknown_post") }
            for id in media { if let word = obstacle(to: id, of: actor) { return .rejected(word) } }
        case .deletePost(let command):
            guard let post = posts[command.post] else { return .rejected("unknown_post") }
            if post.author != actor { return .rejected("not_author") }
        case .likePost(let command):
            if posts[command.post] == nil { return .rejected("unknown_post") }
            if likes.contains(Pair(left: actor, right: command.post.rawValue)) { return .alreadySo }
        case .unlikePost(let command):
            if posts[command.post] == nil { return .rejected("unknown_post") }
            if !likes.contains(Pair(left: actor, right: command.post.rawValue)) { return .alreadySo }
        case .followAccount(let command):
            if command.account.rawValue == actor { return .rejected("cannot_follow_yourself") }
            if !accounts.contains(command.account.rawValue) { return .rejected("unknown_account") }
            if follows.contains(Pair(left: actor, right: command.account.rawValue)) { return .alreadySo }
        case .unfollowAccount(let command):
            if !accounts.contains(command.account.rawValue) { return .rejected("unknown_account") }
            if !follows.contains(Pair(left: actor, right: command.account.rawValue)) { return .alreadySo }
        case .uploadMedia(let command):
            if command.size == 0 { return .rejected("media_empty") }
        case .attachMedia(let command):
            let media = command.media
            guard let post = posts[command.post] else { return .rejected("unknown_post") }
            if post.author != actor { return .rejected("not_author") }
            if owners[media] == actor, post.media.contains(media) { return .alreadySo }
            if let word = obstacle(to: media, of: actor) { return .rejected(word) }
            if post.media.count == limits.mediaPerPost { return .rejected("too_many_media") }
        case .pinPost(let command):
            guard let post = posts[command.post] else { return .rejected("unknown_post") }
            if post.author != actor { return .rejected("not_author") }
            if pins.contains(command.post) { return .alreadySo }
            if pins.count(where: { posts[$0]?.author == actor }) == 5 { return .rejected("too_many_pins") }
        case .unpinPost(let command):
            guard let post = posts[command.post] else { return .rejected("unknown_post") }
            if post.author != actor { return .rejected("not_author") }
            if !pins.contains(command.post) { return .alreadySo }
        }
        return .event
    }

    mutating func apply(_ command: Command, by issuer: Issuer, at position: UInt64, _ time: Int64) {
        let actor = issuer.rawValue
        switch command {
        case .registerAccount(let command):
            accounts.insert(position)
            handles[command.handle] = .has(position)
            names[position] = (command.name.text, command.handle)
            if let key = command.key { keys[key] = true }
        case .changeAccount(let command):
            let account = command.account.rawValue
            if let name = command.name { names[account]!.name = name.text }
            if let handle = command.handle, handle != names[account]!.handle {
                handles[names[account]!.handle] = .had(account, until: time)
                handles[handle] = .has(account)
                names[account]!.handle = handle
            }
        case .issueKey(let command): keys[command.key] = true
        case .revokeKey(let command): keys[command.key] = false
        case .publishPost(let command):
            posts[PostID(position)] = Post(author: actor, media: Set(command.media))
            for id in command.media { holders[id] = PostID(position) }
        case .deletePost(let command): posts[command.post] = nil
        case .likePost(let command): likes.insert(Pair(left: actor, right: command.post.rawValue))
        case .unlikePost(let command): likes.remove(Pair(left: actor, right: command.post.rawValue))
        case .followAccount(let command): follows.insert(Pair(left: actor, right: command.account.rawValue))
        case .unfollowAccount(let command): follows.remove(Pair(left: actor, right: command.account.rawValue))
        case .uploadMedia: owners[MediaID(position)] = actor
        case .attachMedia(let command):
            posts[command.post]?.media.insert(command.media)
            holders[command.media] = command.post
        case .pinPost(let command): pins.insert(command.post)
        case .unpinPost(let command): pins.remove(command.post)
        }
    }

    private func obstacle(to handle: Handle, of account: UInt64, _ time: Int64, _ limits: Limits) -> String? {
        switch handles[handle] {
        case nil: nil
        case .has: "handle_taken"
        case .had(let last, let end): last == account || time - end >= limits.handleHold ? nil : "handle_held"
        }
    }

    private func obstacle(to media: MediaID, of actor: UInt64) -> String? {
        guard let owner = owners[media] else { return "unknown_media" }
        if let post = holders[media], posts[post] == nil { return "unknown_media" }
        if owner != actor { return "media_not_owned" }
        return holders[media] != nil ? "media_already_attached" : nil
    }
}
