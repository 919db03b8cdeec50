internal import Bytes

/// How many accounts follow one, and how many it follows. Row, big-endian: followers (4), following (4).
public struct FollowCountsRow: Equatable, Sendable {
    /// How many follow the account.
    public var followers: UInt32
    /// How many the account follows.
    public var following: UInt32

    init(followers: UInt32 = 0, following: UInt32 = 0) {
        self.followers = followers
        self.following = following
    }

    init(_ bytes: UnsafeRawBufferPointer) throws(ViewCorruption) {
        guard bytes.count == 8 else { throw ViewCorruption(table: "follow_counts", key: "an account") }
        followers = bytes.bigEndianUInt32(at: 0)
        following = bytes.bigEndianUInt32(at: 4)
    }

    func append(to row: inout [UInt8]) {
        row.append(bigEndian: followers)
        row.append(bigEndian: following)
    }
}
