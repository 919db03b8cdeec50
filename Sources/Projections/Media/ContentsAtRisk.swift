public import Microblog

extension EventBatch {
    /// Whether the batch deletes a post, so that files may become unused.
    public var deletesPosts: Bool {
        events.contains { if case .postDeleted = $0.event { true } else { false } }
    }

    /// The contents whose last holder may go with the posts that this batch deletes. Call this before the batch is
    /// applied.
    public func contentsAtRisk(_ snapshot: ViewSnapshot) throws -> [ContentHash] {
        let deleted = deletedPosts
        var media: [MediaID] = []
        for post in deleted {
            try snapshot.ascend(snapshot.tables.media.postMedia, post.rawValue) { id, _ in
                media.append(MediaID(id))
                return true
            }
        }
        for recorded in events {
            switch recorded.event {
            case .postPublished(let event) where deleted.contains(PostID(recorded.position)): media += event.media
            case .mediaAttached(let event) where deleted.contains(event.post): media.append(event.media)
            default: break
            }
        }
        return try media.compactMap { id in
            if case .mediaUploaded(let uploaded)? = event(at: id.rawValue)?.event { return uploaded.content }
            return try snapshot.media(id)?.file.content
        }
    }

    private var deletedPosts: Set<PostID> {
        var posts: Set<PostID> = []
        for recorded in events {
            if case .postDeleted(let deleted) = recorded.event { posts.insert(deleted.post) }
        }
        return posts
    }
}
