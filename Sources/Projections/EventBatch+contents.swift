public import Microblog

extension EventBatch {
    /// The contents whose last holder may go with the posts that this batch deletes. To be asked before it is applied.
    public func contentsAtRisk(_ snapshot: ViewSnapshot) throws -> [ContentHash] {
        guard !deletedPosts.isEmpty else { return [] }
        var media: [MediaID] = []
        for post in deletedPosts {
            try snapshot.ascend(snapshot.tables.postMedia, post.rawValue) { id, _ in
                media.append(MediaID(id))
                return true
            }
        }
        for recorded in events {
            switch recorded.event {
            case .postPublished(_, _, let ids) where deletedPosts.contains(PostID(recorded.position)): media += ids
            case .mediaAttached(let id, let post) where deletedPosts.contains(post): media.append(id)
            default: break
            }
        }
        return try media.compactMap { try uploads[$0]?.content ?? snapshot.media($0)?.file.content }
    }
}
