internal import Bytes
internal import Microblog
internal import Sorting

/// Emits the rows of posts as they are after a batch, then the rows that follow from them: authors' logs and replies.
struct PostRows {
    private let context: ProjectorContext
    private let before: ViewSnapshot?
    private let posts: TableSink
    private let replies: TableSink
    private let authors: AuthorRows
    /// Answered post, reply -> 1 if it is there now, 0 if it is gone.
    private let replyChanges: EntrySorter
    /// New posts whose texts are still to be looked up, and what happened to each.
    private var published: LookAhead<PostDraft>

    init(_ context: ProjectorContext, _ before: ViewSnapshot?, _ rows: RowSink) {
        self.context = context
        self.before = before
        posts = rows.table(context.tables.posts.posts)
        replies = rows.table(context.tables.posts.replies)
        authors = AuthorRows(context, before, rows)
        replyChanges = context.sorter()
        published = LookAhead(context)
    }

    /// Emits the row of a post. An event about a post that is gone changes nothing.
    mutating func emit(_ draft: PostDraft, of id: PostID) throws {
        if draft.isNew {
            // A post that is deleted within the batch leaves no row.
            guard !draft.isDeleted else { return }
            if let (drafts, events) = try published.add(draft, id.rawValue) { try publish(events, drafts) }
        } else if let row = try before?.post(id) {
            if draft.isDeleted { try delete(row) } else { try change(row, draft) }
        }
    }

    /// Emits what is left, and the rows in another order than that of posts.
    mutating func finish() throws {
        while let (drafts, events) = try published.rest() { try publish(events, drafts) }
        try authors.emit()
        try replyChanges.drain { change in
            let key = RowKey(change.first, change.second)
            if change.payload == 1 { try replies.set(key) } else { try replies.remove(key) }
        }
    }

    private func publish(_ events: [RecordedEvent], _ drafts: [PostDraft]) throws {
        for (recorded, draft) in zip(events, drafts) { try publish(recorded, draft) }
    }

    private func publish(_ recorded: RecordedEvent, _ draft: PostDraft) throws {
        guard case .postPublished(let post) = recorded.event else { return }
        let position = recorded.position
        let id = PostID(position)
        try context.require(recorded.account, for: position)
        var files = try post.media.map { try context.upload($0, for: position).file }
        for (media, position) in draft.attached { files.append(try context.upload(media, for: position).file) }
        let likes = try draft.likes(of: id, from: 0)
        try posts.set(RowKey(position)) { row in
            PostRow.append(
                author: recorded.account, time: recorded.time, replyTo: post.replyTo, likes: likes, attachments: files,
                text: post.text, to: &row)
        }
        try authors.note(recorded.account, id, from: nil, to: likes)
        if let replyTo = post.replyTo { try replyChanges.add(replyTo.rawValue, position, 1) }
    }

    private func change(_ row: PostRow, _ draft: PostDraft) throws {
        let likes = try draft.likes(of: row.id, from: row.likes)
        var bytes = Array(row.bytes)
        bytes.storeBigEndian(likes, at: PostRow.likesOffset)
        for (media, position) in draft.attached {
            bytes = try PostRow.attaching(try context.upload(media, for: position).file, to: bytes, id: row.id)
        }
        try posts.set(RowKey(row.id.rawValue)) { $0 += bytes }
        if likes != row.likes { try authors.note(row.author, row.id, from: row.likes, to: likes) }
    }

    private func delete(_ row: PostRow) throws {
        try posts.remove(RowKey(row.id.rawValue))
        try authors.note(row.author, row.id, from: row.likes, to: nil)
        if let replyTo = row.replyTo { try replyChanges.add(replyTo.rawValue, row.id.rawValue, 0) }
    }
}

/// What a batch changes about one post.
struct PostDraft {
    var isNew = false
    var isDeleted = false
    /// How many more likes there are than before.
    private(set) var delta = 0
    /// The lowest value that ``delta`` had, and the event that brought it there.
    private(set) var lowest = (delta: 0, position: UInt64(0))
    /// Files that were put on it after it was published, and the events that did so.
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
