extension Event {
    /// The event as the log stores it, in the newest schema.
    public func encode() -> EncodedEvent {
        var encoded = EncodedEvent(type: type, schema: type.schema, payload: [], personal: [])
        encode(payload: &encoded.payload, personal: &encoded.personal)
        return encoded
    }

    /// Appends the two parts to buffers that the caller keeps, in the newest schema: a writer of many events need not
    /// allocate for each.
    public func encode(payload: inout [UInt8], personal: inout [UInt8]) {
        switch self {
        case .accountRegistered(let handle, let name, let role, let key):
            payload.appendCounted(handle)
            payload.append(role.rawValue)
            payload.append(key)
            personal.appendCounted(name.text)
        case .keyIssued(let account, let key):
            payload.append(account)
            payload.append(key)
        case .keyRevoked(let key):
            payload.append(key)
        case .postPublished(let text, let replyTo, let media):
            payload.append(replyTo)
            payload.appendCounted(media)
            personal.appendCounted(text)
        case .postDeleted(let post), .postLiked(let post), .postUnliked(let post):
            payload.append(post)
        case .accountFollowed(let account), .accountUnfollowed(let account):
            payload.append(account)
        case .mediaUploaded(let content, let type, let size):
            payload.append(content)
            payload.append(type.rawValue)
            payload.appendBigEndian(size)
        case .mediaAttached(let media, let post):
            payload.append(media)
            payload.append(post)
        }
    }
}
