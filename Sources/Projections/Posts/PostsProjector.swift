internal import LMDB
internal import Microblog
internal import Sorting

/// Builds posts with their like counts, every author's log by time and by likes, and replies.
///
/// This is one projector, because all of these change with the same post. The post's row is read once, and it holds the
/// author and the count that the logs need.
struct PostsProjector: Projector {
    static let version: UInt32 = 2
    static let load = ProjectorLoad.heaviest

    static func tables(_ tables: ViewTables) -> [Table] {
        let (posts, feed) = (tables.posts, tables.feed)
        return [posts.posts, feed.byTime, feed.byLikes, feed.authors, posts.replies]
    }

    private let context: ProjectorContext
    /// Post, position -> what happened to it there: ``Change`` in the upper byte, the file of an attachment below.
    private let events: EntrySorter

    private enum Change: UInt64 {
        case published, deleted, liked, unliked, attached

        func payload(_ id: UInt64 = 0) -> UInt64 { rawValue << 56 | id }
    }

    init(_ context: ProjectorContext) {
        self.context = context
        events = context.sorter()
    }

    var gathered: [EntrySorter] { [events] }

    func take(_ events: [RecordedEvent]) throws {
        for recorded in events {
            let position = recorded.position
            switch recorded.event {
            case .postPublished: try self.events.add(position, position, Change.published.payload())
            case .postDeleted(let event): try self.events.add(event.post.rawValue, position, Change.deleted.payload())
            case .postLiked(let event): try self.events.add(event.post.rawValue, position, Change.liked.payload())
            case .postUnliked(let event): try self.events.add(event.post.rawValue, position, Change.unliked.payload())
            case .mediaAttached(let event):
                try self.events.add(event.post.rawValue, position, Change.attached.payload(event.media.rawValue))
            default: break
            }
        }
    }

    func emit(over before: ViewSnapshot?, to rows: RowSink) throws {
        var posts = PostRows(context, before, rows)
        var draft = PostDraft()
        try events.drainGroups { entry in
            let position = entry.second
            switch Change(rawValue: entry.payload >> 56) {
            case .published: draft.isNew = true
            case .deleted: draft.isDeleted = true
            case .liked: try draft.like(position)
            case .unliked: try draft.unlike(position)
            case .attached: draft.attached.append((MediaID(entry.payload & (1 << 56 - 1)), position))
            case nil: break
            }
        } end: { id in
            try posts.emit(draft, of: PostID(id))
            draft.clear()
        }
        try posts.finish()
    }
}
