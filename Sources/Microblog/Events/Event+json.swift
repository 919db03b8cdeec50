extension Event {
    /// Appends one JSON object with the event's own fields; time, position and actor are the caller's to add.
    ///
    /// Ids and sizes are numbers, hashes 64 hexadecimal digits, an absent reference or key is `null`.
    public func writeJSONFields(into json: inout [UInt8]) {
        switch self {
        case .accountRegistered(let handle, let name, let role, let key):
            json.append(text: "{\"handle\":\"")
            handle.append(to: &json)
            json.append(text: "\",\"name\":")
            json.appendJSON(name.text)
            json.append(text: ",\"role\":")
            json.appendJSON(role.name)
            json.append(text: ",\"key_hash\":")
            if let key { json.appendJSON(key.rawValue) } else { json.append(text: "null") }
        case .keyIssued(let account, let key):
            json.append(text: "{\"account\":")
            json.appendDecimal(account.rawValue)
            json.append(text: ",\"key_hash\":")
            json.appendJSON(key.rawValue)
        case .keyRevoked(let key):
            json.append(text: "{\"key_hash\":")
            json.appendJSON(key.rawValue)
        case .postPublished(let text, let replyTo, let media):
            json.append(text: "{\"text\":")
            json.appendJSON(text)
            json.append(text: ",\"reply_to\":")
            if let replyTo { json.appendDecimal(replyTo.rawValue) } else { json.append(text: "null") }
            json.append(text: ",\"media\":")
            json.appendJSON(media)
        case .postDeleted(let post), .postLiked(let post), .postUnliked(let post):
            json.append(text: "{\"post\":")
            json.appendDecimal(post.rawValue)
        case .accountFollowed(let account), .accountUnfollowed(let account):
            json.append(text: "{\"account\":")
            json.appendDecimal(account.rawValue)
        case .mediaUploaded(let content, let type, let size):
            json.append(text: "{\"content\":")
            json.appendJSON(content.rawValue)
            json.append(text: ",\"media_type\":")
            json.appendJSON(type.mimeType)
            json.append(text: ",\"size\":")
            json.appendDecimal(size)
        case .mediaAttached(let media, let post):
            json.append(text: "{\"media\":")
            json.appendDecimal(media.rawValue)
            json.append(text: ",\"post\":")
            json.appendDecimal(post.rawValue)
        }
        json.append(UInt8(ascii: "}"))
    }
}
