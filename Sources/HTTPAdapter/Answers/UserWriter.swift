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
        try writeList(to: &buffer) { try snapshot.followers(of: account.id, $0) }
        buffer.append("],\"following\":[")
        try writeList(to: &buffer) { try snapshot.following(of: account.id, $0) }
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

    private func writeList(
        to buffer: inout ResponseBuffer, _ visit: ((UInt64, AccountID) throws -> Bool) throws -> Void
    ) throws {
        guard listLimit > 0 else { return }
        try PeopleWriter.write("{\"id\":", snapshot, to: &buffer) { people, buffer in
            var written = 0
            try visit { _, account in
                try people.add(account, to: &buffer)
                written += 1
                return written < listLimit
            }
        }
    }
}
