internal import LMDB
internal import Microblog
internal import Sorting

/// Builds the uploaded files, which post each is on, and how many files hold a content.
struct MediaProjector: Projector {
    static let version: UInt32 = 1
    static let load = ProjectorLoad.light

    static func tables(_ tables: ViewTables) -> [Table] { tables.media.all }

    private let context: ProjectorContext
    /// Media -> 0 for its upload.
    private let uploads: EntrySorter
    /// Post, position -> the file that it took there; 0 for the post's deletion.
    private let posts: EntrySorter

    init(_ context: ProjectorContext) {
        self.context = context
        uploads = context.sorter()
        posts = context.sorter()
    }

    var gathered: [EntrySorter] { [uploads, posts] }

    func take(_ events: [RecordedEvent]) throws {
        for recorded in events {
            let position = recorded.position
            switch recorded.event {
            case .mediaUploaded: try uploads.add(position, 0, 0)
            case .postPublished(let event):
                for id in event.media { try posts.add(position, position, id.rawValue) }
            case .mediaAttached(let event): try posts.add(event.post.rawValue, position, event.media.rawValue)
            case .postDeleted(let event): try posts.add(event.post.rawValue, position, 0)
            default: break
            }
        }
    }

    func emit(over before: ViewSnapshot?, to rows: RowSink) throws {
        let files = MediaRows(context, before, rows, uploads)
        try emitPosts(before, rows.table(context.tables.media.postMedia), files)
        try files.emit()
    }

    /// Emits which files are on which post, and notes the changes for the files.
    private func emitPosts(_ before: ViewSnapshot?, _ postMedia: TableSink, _ files: MediaRows) throws {
        /// Media -> the event that put it on the post.
        let taken = context.sorter()
        var isDeleted = false
        try posts.drainGroups { entry in
            if entry.payload == 0 { isDeleted = true } else { try taken.add(entry.payload, entry.second, 0) }
        } end: { post in
            try taken.drain { entry in
                let media = MediaID(entry.first)
                guard !isDeleted else { return try files.remove(media, for: entry.second) }
                try postMedia.set(RowKey(post, media.rawValue))
                try files.attach(media, to: PostID(post), for: entry.second)
            }
            if isDeleted {
                try before?.ascend(context.tables.media.postMedia, post) { media, _ in
                    try postMedia.remove(RowKey(post, media))
                    try files.remove(MediaID(media), for: 0)
                    return true
                }
            }
            isDeleted = false
        }
    }
}
