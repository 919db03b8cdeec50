internal import Microblog

/// What a batch did to one post.
struct PostDraft {
    var isNew = false
    var isDeleted = false
    /// Likes more than before.
    private(set) var delta = 0
    /// The lowest that ``delta`` ever was, and the event that brought it there.
    private(set) var lowest = (delta: 0, position: UInt64(0))
    /// Files that were put on it after it was published, and by which events.
    var attached: [(media: MediaID, position: UInt64)] = []

    mutating func like(_ position: UInt64) throws { delta += 1 }

    mutating func unlike(_ position: UInt64) throws {
        delta -= 1
        if delta < lowest.delta { lowest = (delta, position) }
    }

    /// The likes after the batch.
    ///
    /// - Throws: ``ProjectionError`` if more likes were taken back than there were.
    func likes(of post: PostID, from before: UInt32) throws -> UInt32 {
        guard Int(before) + lowest.delta >= 0, let likes = UInt32(exactly: Int(before) + delta) else {
            throw ProjectionError(
                position: lowest.position, problem: "post \(post) has no like that could be taken back")
        }
        return likes
    }

    mutating func clear() {
        (isNew, isDeleted, delta, lowest) = (false, false, 0, (0, 0))
        if !attached.isEmpty { attached = [] }
    }
}
