internal import Microblog
internal import Projections

/// Writes an account with its newest followers and followed.
struct UserWriter {
    let snapshot: ViewSnapshot
    /// The most entries of either list.
    let listLimit: Int

    func write(_ account: AccountRow, to buffer: inout ResponseBuffer) throws {
        let counts = try snapshot.followCounts(account.id)
        buffer.append("{\"id\":")
        buffer.append(decimal: account.id.rawValue)
        buffer.append(",\"name\":")
        buffer.append(jsonString: account.name)
        buffer.append(",\"followers\":[")
        var written = 0
        func add(_ position: UInt64, _ person: PersonRow) -> Bool {
            if written > 0 { buffer.append(UInt8(ascii: ",")) }
            TweetWriter.writePerson(person, to: &buffer)
            written += 1
            return written < listLimit
        }
        if listLimit > 0 { try snapshot.followers(of: account.id, add) }
        buffer.append("],\"following\":[")
        written = 0
        if listLimit > 0 { try snapshot.following(of: account.id, add) }
        buffer.append("],\"handle\":")
        buffer.append(jsonString: account.handle)
        buffer.append(",\"created_at\":")
        buffer.append(jsonTime: account.time)
        buffer.append(",\"followers_count\":")
        buffer.append(decimal: UInt64(counts.followers))
        buffer.append(",\"following_count\":")
        buffer.append(decimal: UInt64(counts.following))
        buffer.append(",\"tweets_count\":")
        buffer.append(decimal: UInt64(try snapshot.author(account.id)?.posts ?? 0))
        buffer.append(UInt8(ascii: "}"))
    }
}
