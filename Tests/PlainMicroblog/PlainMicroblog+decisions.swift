public import Microblog

/// The rules once more, over plain sets: slow, obvious, and knowing nothing of streams.
extension PlainMicroblog {
    /// What must come of a command.
    public enum Answer: Equatable {
        case event(Event)
        case alreadySo
        /// With the word of the rejection.
        case rejected(String)
    }

    /// What must come of a command that somebody gives now.
    ///
    /// - Parameter time: milliseconds since 1970 UTC.
    public func answer(to command: Command, by issuer: Issuer, at time: Int64, limits: Limits) -> Answer {
        let actor = AccountID(issuer.rawValue)
        switch (command, issuer) {
        case (.registerAccount, .operator), (.changeAccount, .operator), (.issueKey, .operator),
            (.revokeKey, .operator):
            break
        case (_, .operator): return .rejected("account_required")
        case (_, .account): if accounts[actor] == nil { return .rejected("unknown_account") }
        }
        switch command {
        case .registerAccount(let command): return answer(to: command, time, limits)
        case .changeAccount(let command): return answer(to: command, by: issuer, time, limits)
        case .issueKey(let command):
            if accounts[command.account] == nil { return .rejected("unknown_account") }
            if isUsed(command.key) { return .rejected("key_in_use") }
            return .event(.keyIssued(KeyIssued(account: command.account, key: command.key)))
        case .revokeKey(let command):
            if goneKeys.contains(command.key) { return .alreadySo }
            if keys[command.key] == nil { return .rejected("unknown_key") }
            return .event(.keyRevoked(KeyRevoked(command.key)))
        case .publishPost(let command): return answer(to: command, by: actor, limits)
        case .deletePost(let command):
            guard let post = posts[command.post] else { return .rejected("unknown_post") }
            return post.author == actor ? .event(.postDeleted(PostDeleted(command.post))) : .rejected("not_author")
        case .likePost(let command):
            if posts[command.post] == nil { return .rejected("unknown_post") }
            return likes(command.post, actor) ? .alreadySo : .event(.postLiked(PostLiked(command.post)))
        case .unlikePost(let command):
            if posts[command.post] == nil { return .rejected("unknown_post") }
            return likes(command.post, actor) ? .event(.postUnliked(PostUnliked(command.post))) : .alreadySo
        case .followAccount(let command):
            let other = command.account
            if other == actor { return .rejected("cannot_follow_yourself") }
            if accounts[other] == nil { return .rejected("unknown_account") }
            return follows(actor, other) ? .alreadySo : .event(.accountFollowed(AccountFollowed(other)))
        case .unfollowAccount(let command):
            let other = command.account
            if accounts[other] == nil { return .rejected("unknown_account") }
            return follows(actor, other) ? .event(.accountUnfollowed(AccountUnfollowed(other))) : .alreadySo
        case .uploadMedia(let command):
            if command.size == 0 { return .rejected("media_empty") }
            return .event(
                .mediaUploaded(MediaUploaded(content: command.content, type: command.type, size: command.size)))
        case .attachMedia(let command): return answer(to: command, by: actor, limits)
        case .pinPost(let command):
            guard let post = posts[command.post] else { return .rejected("unknown_post") }
            if post.author != actor { return .rejected("not_author") }
            let pinned = livePins(of: actor)
            if pinned.contains(command.post) { return .alreadySo }
            if pinned.count >= 5 { return .rejected("too_many_pins") }
            return .event(.postPinned(PostPinned(command.post, pins: [command.post] + pinned)))
        case .unpinPost(let command):
            guard let post = posts[command.post] else { return .rejected("unknown_post") }
            if post.author != actor { return .rejected("not_author") }
            let pinned = livePins(of: actor)
            guard pinned.contains(command.post) else { return .alreadySo }
            return .event(.postUnpinned(PostUnpinned(command.post, pins: pinned.filter { $0 != command.post })))
        }
    }

    private func answer(to command: RegisterAccount, _ time: Int64, _ limits: Limits) -> Answer {
        if let word = obstacle(to: command.handle, of: nil, time, limits) { return .rejected(word) }
        if let key = command.key, isUsed(key) { return .rejected("key_in_use") }
        return .event(
            .accountRegistered(
                AccountRegistered(handle: command.handle, name: command.name, role: command.role, key: command.key)))
    }

    private func answer(to command: ChangeAccount, by issuer: Issuer, _ time: Int64, _ limits: Limits) -> Answer {
        let account = command.account
        if issuer != .operator, issuer != .account(account) { return .rejected("not_your_account") }
        guard let old = accounts[account] else { return .rejected("unknown_account") }
        let handle = command.handle ?? old.handle
        let name = command.name ?? old.name
        if handle == old.handle, name == old.name { return .alreadySo }
        if handle != old.handle, let word = obstacle(to: handle, of: account, time, limits) { return .rejected(word) }
        return .event(
            .accountChanged(
                AccountChanged(
                    account: account, name: name, handle: handle,
                    previousHandle: handle == old.handle ? nil : old.handle)))
    }

    private func answer(to command: PublishPost, by actor: AccountID, _ limits: Limits) -> Answer {
        let media = command.media
        if !command.text.contains(where: { !$0.isWhitespace }) { return .rejected("text_blank") }
        if command.text.unicodeScalars.count > limits.textLength { return .rejected("text_too_long") }
        if media.count > limits.mediaPerPost { return .rejected("too_many_media") }
        if Set(media).count < media.count { return .rejected("duplicate_media") }
        if let replyTo = command.replyTo, posts[replyTo] == nil { return .rejected("unknown_post") }
        for id in media { if let word = obstacle(to: id, of: actor) { return .rejected(word) } }
        return .event(.postPublished(PostPublished(text: command.text, replyTo: command.replyTo, media: media)))
    }

    private func answer(to command: AttachMedia, by actor: AccountID, _ limits: Limits) -> Answer {
        guard let post = posts[command.post] else { return .rejected("unknown_post") }
        if post.author != actor { return .rejected("not_author") }
        if files[command.media]?.owner == actor, post.files.contains(command.media) { return .alreadySo }
        if let word = obstacle(to: command.media, of: actor) { return .rejected(word) }
        if post.files.count == limits.mediaPerPost { return .rejected("too_many_media") }
        return .event(.mediaAttached(MediaAttached(command.media, to: command.post)))
    }

    private func livePins(of account: AccountID) -> [PostID] { pins[account, default: []].filter { posts[$0] != nil } }

    /// A key that was ever issued is not issued again.
    private func isUsed(_ key: KeyHash) -> Bool { keys[key] != nil || goneKeys.contains(key) }

    private func obstacle(to handle: Handle, of account: AccountID?, _ time: Int64, _ limits: Limits) -> String? {
        switch handles[handle] {
        case nil: nil
        case .has: "handle_taken"
        case .had(let last, let end): last == account || time - end >= limits.handleHold ? nil : "handle_held"
        }
    }

    private func obstacle(to media: MediaID, of actor: AccountID) -> String? {
        guard let file = files[media] else { return "unknown_media" }
        if file.owner != actor { return "media_not_owned" }
        return file.post != nil ? "media_already_attached" : nil
    }
}
