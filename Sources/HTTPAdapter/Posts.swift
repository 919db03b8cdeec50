internal import Microblog
internal import Projections

/// Writes tweets as one caller sees them.
struct TweetWriter {
    let snapshot: ViewSnapshot
    let caller: AccountID
    /// The most likes to show on each.
    let likesLimit: Int

    func write(_ post: PostRow, to buffer: inout ResponseBuffer) throws {
        buffer.append("{\"id\":")
        buffer.append(decimal: post.id.rawValue)
        buffer.append(",\"content\":")
        buffer.append(jsonString: post.text)
        buffer.append(",\"attachments\":[")
        for index in 0..<post.attachmentCount {
            if index > 0 { buffer.append(UInt8(ascii: ",")) }
            buffer.append(UInt8(ascii: "\""))
            buffer.append(text: MediaPath(try post.attachment(at: index)).text)
            buffer.append(UInt8(ascii: "\""))
        }
        buffer.append("],\"author\":{\"id\":")
        buffer.append(decimal: post.author.rawValue)
        buffer.append(",\"name\":")
        buffer.append(jsonString: post.authorName)
        buffer.append("},\"likes\":[")
        let own = post.likes > 0 ? try snapshot.like(of: post.id, by: caller) : nil
        if likesLimit > 0, post.likes > 0 { try writeLikes(of: post.id, own: own, to: &buffer) }
        buffer.append("],\"created_at\":")
        buffer.append(jsonTime: post.time)
        buffer.append(",\"likes_count\":")
        buffer.append(decimal: UInt64(post.likes))
        if own != nil {
            buffer.append(",\"liked\":true,\"reply_to\":")
        } else {
            buffer.append(",\"liked\":false,\"reply_to\":")
        }
        if let replyTo = post.replyTo { buffer.append(decimal: replyTo.rawValue) } else { buffer.append("null") }
        buffer.append(UInt8(ascii: "}"))
    }

    /// The caller's own like first, so that a page can show it however many there are; then the newest.
    private func writeLikes(of post: PostID, own: UInt64?, to buffer: inout ResponseBuffer) throws {
        var written = 0
        if let own {
            // The likes just before the position after the caller's own begin with that one.
            try snapshot.likes(of: post, before: own + 1) { _, person in
                Self.writeLike(person, to: &buffer)
                written = 1
                return false
            }
        }
        guard written < likesLimit else { return }
        try snapshot.likes(of: post) { position, person in
            if position == own { return true }
            if written > 0 { buffer.append(UInt8(ascii: ",")) }
            Self.writeLike(person, to: &buffer)
            written += 1
            return written < likesLimit
        }
    }

    static func writeLike(_ person: PersonRow, to buffer: inout ResponseBuffer) {
        buffer.append("{\"user_id\":")
        buffer.append(decimal: person.account.rawValue)
        buffer.append(",\"name\":")
        buffer.append(jsonString: person.name)
        buffer.append(UInt8(ascii: "}"))
    }

    static func writePerson(_ person: PersonRow, to buffer: inout ResponseBuffer) {
        buffer.append("{\"id\":")
        buffer.append(decimal: person.account.rawValue)
        buffer.append(",\"name\":")
        buffer.append(jsonString: person.name)
        buffer.append(UInt8(ascii: "}"))
    }
}
