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
        try snapshot.withName(of: post.author) { name in
            buffer.appendUnchecked(room: name.count + AccountName.margin) { target in
                name.write(to: target)
                return name.count
            }
        }
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
        try PeopleWriter.write("{\"user_id\":", snapshot, to: &buffer) { people, buffer in
            var written = 0
            if own != nil {
                try people.add(caller, to: &buffer)
                written = 1
            }
            guard written < likesLimit else { return }
            try snapshot.likes(of: post) { position, account in
                if position == own { return true }
                try people.add(account, to: &buffer)
                written += 1
                return written < likesLimit
            }
        }
    }
}
