internal import Microblog
internal import Threads

/// Builds posts with their like counts, every author's log by time and by likes, and replies.
///
/// One projector, since all of these change with the same post: its row is read once and tells the author and the count
/// that the logs need.
actor PostsProjector: Projector {
    static let model = ReadModel.posts
    private let store: ViewStore
    private let executor: ThreadExecutor
    private var names = NameCache()
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(_ store: ViewStore, on executor: ThreadExecutor) {
        self.store = store
        self.executor = executor
    }

    func changes(for batch: EventBatch) throws -> [RowChanges] {
        try store.read { snapshot in
            var drafts = PostDrafts(snapshot)
            for recorded in batch.events {
                switch recorded.event {
                case .postPublished(let text, let replyTo, let media):
                    let id = PostID(recorded.position)
                    // A post that is gone by the end of the batch leaves no trace.
                    guard !batch.deletedPosts.contains(id) else { continue }
                    let name = try names.name(of: recorded.account, in: batch, snapshot, at: recorded.position)
                    let files = try media.map { try Self.file($0, in: batch, snapshot, at: recorded.position) }
                    let row = PostRow.encode(
                        author: recorded.account, time: recorded.time, replyTo: replyTo, name: name,
                        attachments: files, text: text)
                    drafts.publish(id, by: recorded.account, row)
                case .postDeleted(let post): try drafts.delete(post)
                case .postLiked(let post): try drafts.count(1, on: post, at: recorded.position)
                case .postUnliked(let post): try drafts.count(-1, on: post, at: recorded.position)
                case .mediaAttached(let media, let post):
                    guard !batch.deletedPosts.contains(post) else { continue }
                    let file = try Self.file(media, in: batch, snapshot, at: recorded.position)
                    try drafts.attach(file, to: post)
                default: break
                }
            }
            return try drafts.changes()
        }
    }

    private static func file(
        _ id: MediaID, in batch: EventBatch, _ snapshot: ViewSnapshot, at position: UInt64
    ) throws -> Attachment {
        if let file = batch.uploads[id] { return file }
        guard let row = try snapshot.media(id) else {
            throw ProjectionError(position: position, problem: "media \(id) was never uploaded")
        }
        return row.file
    }
}
