internal import Microblog
internal import Threads

/// Builds the uploaded files, which post each is on, and how many files hold a content.
actor MediaProjector: Projector {
    static let model = ReadModel.media
    private let store: ViewStore
    private let executor: ThreadExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(_ store: ViewStore, on executor: ThreadExecutor) {
        self.store = store
        self.executor = executor
    }

    func changes(for batch: EventBatch) throws -> [RowChanges] {
        try store.read { snapshot in
            var draft = MediaDraft(snapshot)
            for recorded in batch.events {
                switch recorded.event {
                case .mediaUploaded(let content, let type, let size):
                    let file = Attachment(content: content, type: type)
                    let row = MediaRow(owner: recorded.account, post: nil, size: size, file: file)
                    try draft.add(MediaID(recorded.position), row)
                case .postPublished(_, _, let media):
                    let post = PostID(recorded.position)
                    for id in media { try draft.attach(id, to: post, at: recorded.position) }
                case .mediaAttached(let id, let post):
                    try draft.attach(id, to: post, at: recorded.position)
                case .postDeleted(let post):
                    try draft.removeMedia(of: post)
                default: break
                }
            }
            return draft.changes()
        }
    }
}

/// The files and contents that a batch touches, as they are after it.
private struct MediaDraft {
    private let snapshot: ViewSnapshot
    private var media: [MediaID: MediaRow?] = [:]
    private var contents: [ContentHash: ContentRow?] = [:]
    private var onPosts: [PostID: [MediaID]] = [:]
    private var postMedia: RowChanges

    init(_ snapshot: ViewSnapshot) {
        self.snapshot = snapshot
        postMedia = RowChanges(snapshot.tables.postMedia)
    }

    mutating func add(_ id: MediaID, _ row: MediaRow) throws {
        media[id] = .some(row)
        var content =
            try content(row.file.content) ?? ContentRow(references: 0, type: row.file.type, size: row.size)
        content.references += 1
        contents[row.file.content] = .some(content)
    }

    mutating func attach(_ id: MediaID, to post: PostID, at position: UInt64) throws {
        guard var row = try row(id) else {
            throw ProjectionError(position: position, problem: "media \(id) was never uploaded")
        }
        row.post = post
        media[id] = .some(row)
        onPosts[post, default: []].append(id)
        postMedia.set(RowKey(post.rawValue, id.rawValue))
    }

    mutating func removeMedia(of post: PostID) throws {
        var ids = onPosts.removeValue(forKey: post) ?? []
        try snapshot.ascend(snapshot.tables.postMedia, post.rawValue) { id, _ in
            ids.append(MediaID(id))
            return true
        }
        for id in ids {
            guard let row = try row(id) else { continue }
            media[id] = .some(nil)
            postMedia.remove(RowKey(post.rawValue, id.rawValue))
            guard var content = try content(row.file.content) else { continue }
            content.references -= 1
            contents[row.file.content] = .some(content.references == 0 ? nil : content)
        }
    }

    consuming func changes() -> [RowChanges] {
        var mediaChanges = RowChanges(snapshot.tables.media)
        for (id, row) in media {
            if let row {
                mediaChanges.set(RowKey(id.rawValue)) { row.append(to: &$0) }
            } else {
                mediaChanges.remove(RowKey(id.rawValue))
            }
        }
        var contentChanges = RowChanges(snapshot.tables.contents)
        for (hash, row) in contents {
            if let row {
                contentChanges.set(RowKey(hash.rawValue)) { row.append(to: &$0) }
            } else {
                contentChanges.remove(RowKey(hash.rawValue))
            }
        }
        return [mediaChanges, postMedia, contentChanges]
    }

    private func row(_ id: MediaID) throws -> MediaRow? {
        if let drafted = media[id] { return drafted }
        return try snapshot.media(id)
    }

    private func content(_ hash: ContentHash) throws -> ContentRow? {
        if let drafted = contents[hash] { return drafted }
        return try snapshot.content(hash)
    }
}
