extension Command {
    /// Appends bytes that are equal for equal commands and differ for all others.
    ///
    /// A hash of them is what tells a retry with the same idempotency key from another command with it. Issuer and
    /// idempotency key are no part of them. The layout is in `docs/events.md`; to change it makes retries across an
    /// upgrade look like other commands.
    public func encode(into bytes: inout [UInt8]) {
        switch self {
        case .registerAccount(let handle, let name, let role, let key):
            bytes.append(1)
            bytes.appendCounted(handle)
            bytes.appendCounted(name.text)
            bytes.append(role.rawValue)
            bytes.append(key)
        case .issueKey(let account, let key):
            bytes.append(2)
            bytes.append(account)
            bytes.append(key)
        case .revokeKey(let key):
            bytes.append(3)
            bytes.append(key)
        case .publishPost(let text, let replyTo, let media):
            bytes.append(4)
            bytes.appendCounted(text)
            bytes.append(replyTo)
            bytes.appendCounted(media)
        case .deletePost(let post):
            bytes.append(5)
            bytes.append(post)
        case .likePost(let post):
            bytes.append(6)
            bytes.append(post)
        case .unlikePost(let post):
            bytes.append(7)
            bytes.append(post)
        case .followAccount(let account):
            bytes.append(8)
            bytes.append(account)
        case .unfollowAccount(let account):
            bytes.append(9)
            bytes.append(account)
        case .uploadMedia(let content, let type, let size):
            bytes.append(10)
            bytes.append(content)
            bytes.append(type.rawValue)
            bytes.appendBigEndian(size)
        case .attachMedia(let media, let post):
            bytes.append(11)
            bytes.append(media)
            bytes.append(post)
        }
    }
}
