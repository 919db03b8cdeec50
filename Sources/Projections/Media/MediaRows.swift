internal import Microblog
internal import Sorting

/// Emits the rows of uploaded files as they are after a batch, then the rows of their contents.
struct MediaRows {
    private let context: ProjectorContext
    private let before: ViewSnapshot?
    private let media: TableSink
    private let contents: TableSink
    /// Media, order of the change -> the post that took it.
    private let changes: EntrySorter
    /// The first sixteen bytes of a content's hash -> a file with this content, and whether the file is new or gone.
    private let holders: EntrySorter

    private enum Order {
        static let upload = UInt64(0)
        static let attach = UInt64(1)
        static let remove = UInt64.max
    }

    /// - Parameter uploads: the files that are new: media -> 0. Emptied by ``emit()``.
    init(_ context: ProjectorContext, _ before: ViewSnapshot?, _ rows: RowSink, _ uploads: EntrySorter) {
        self.context = context
        self.before = before
        media = rows.table(context.tables.media.media)
        contents = rows.table(context.tables.media.contents)
        changes = uploads
        holders = context.sorter()
    }

    /// Notes that a post took a file.
    func attach(_ id: MediaID, to post: PostID, for position: UInt64) throws {
        _ = try context.upload(id, for: position)
        try changes.add(id.rawValue, Order.attach, post.rawValue)
    }

    /// Notes that a file goes with its post.
    func remove(_ id: MediaID, for position: UInt64) throws {
        _ = try context.upload(id, for: position)
        try changes.add(id.rawValue, Order.remove, 0)
    }

    /// Emits all rows.
    func emit() throws {
        var isNew = false
        var isRemoved = false
        var post: PostID?
        try changes.drainGroups { change in
            switch change.second {
            case Order.upload: isNew = true
            case Order.attach: post = PostID(change.payload)
            default: isRemoved = true
            }
        } end: { id in
            let id = MediaID(id)
            if let row = isNew ? try context.upload(id, for: id.rawValue) : try before?.media(id) {
                try emit(id, row, post: post, isNew: isNew, isRemoved: isRemoved)
            }
            (isNew, isRemoved, post) = (false, false, nil)
        }
        try emitContents()
    }

    private func emit(_ id: MediaID, _ row: MediaRow, post: PostID?, isNew: Bool, isRemoved: Bool) throws {
        var row = row
        if isNew != isRemoved {
            let prefix = RowKey(row.file.content.rawValue).leading
            try holders.add(prefix.0, prefix.1, id.rawValue << 1 | (isNew ? 1 : 0))
        }
        if isRemoved {
            if !isNew { try media.remove(RowKey(id.rawValue)) }
        } else {
            row.post = post ?? row.post
            try media.set(RowKey(id.rawValue)) { row.append(to: &$0) }
        }
    }

    private func emitContents() throws {
        var content: (hash: ContentHash, row: ContentRow)?
        func end() throws {
            guard let (hash, row) = content else { return }
            if row.references == 0 {
                try contents.remove(RowKey(hash.rawValue))
            } else {
                try contents.set(RowKey(hash.rawValue)) { row.append(to: &$0) }
            }
        }
        try holders.drain { entry in
            let id = MediaID(entry.payload >> 1)
            let file = try context.upload(id, for: id.rawValue)
            if content?.hash != file.file.content {
                try end()
                let known = try before?.content(file.file.content)
                content = (
                    file.file.content, known ?? ContentRow(references: 0, type: file.file.type, size: file.size)
                )
            }
            // The count may wrap, because a file that goes may come before a new one.
            if entry.payload & 1 == 1 { content?.row.references &+= 1 } else { content?.row.references &-= 1 }
        }
        try end()
    }
}
