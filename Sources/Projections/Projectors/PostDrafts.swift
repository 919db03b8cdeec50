internal import Microblog

/// The posts that a batch touches.
struct PostDrafts {
    private let snapshot: ViewSnapshot
    private var drafts: [PostID: PostDraft] = [:]

    init(_ snapshot: ViewSnapshot) { self.snapshot = snapshot }

    mutating func publish(_ id: PostID, by author: AccountID, _ row: [UInt8]) {
        drafts[id] = PostDraft(id: id, author: author, row: row)
    }

    mutating func delete(_ id: PostID) throws { try change(id) { $0.isDeleted = true } }

    mutating func count(_ delta: Int, on id: PostID, at position: UInt64) throws {
        try change(id) { draft in
            guard let likes = UInt32(exactly: Int(draft.likes) + delta) else {
                throw ProjectionError(position: position, problem: "post \(id) has no like that could be taken back")
            }
            draft.likes = likes
        }
    }

    mutating func attach(_ file: Attachment, to id: PostID) throws {
        try change(id) { $0.row = try PostRow.attaching(file, to: $0.row, id: id) }
    }

    /// All row changes of the batch.
    func changes() throws -> [RowChanges] {
        let tables = snapshot.tables
        var posts = RowChanges(tables.posts)
        var byTime = RowChanges(tables.byTime)
        var byLikes = RowChanges(tables.byLikes)
        var replies = RowChanges(tables.replies)
        var authors: [AccountID: AuthorDraft] = [:]
        for draft in drafts.values {
            let isNew = draft.likesBefore == nil
            let author = draft.author
            if draft.isDeleted {
                posts.remove(RowKey(draft.id.rawValue))
                byTime.remove(RowKey(author.rawValue, draft.id.rawValue))
                if let replyTo = try draft.replyTo() {
                    replies.remove(RowKey(replyTo.rawValue, draft.id.rawValue))
                }
            } else {
                var row = draft.row
                row.storeBigEndian(draft.likes, at: PostRow.likesOffset)
                posts.set(RowKey(draft.id.rawValue)) { $0 += row }
            }
            if isNew {
                byTime.set(RowKey(author.rawValue, draft.id.rawValue))
                if let replyTo = try draft.replyTo() { replies.set(RowKey(replyTo.rawValue, draft.id.rawValue)) }
            }
            guard draft.rankBefore != draft.rankAfter else { continue }
            if let rank = draft.rankBefore {
                byLikes.remove(RowKey(author: author, likes: rank.likes, post: rank.post))
            }
            if let rank = draft.rankAfter {
                byLikes.set(RowKey(author: author, likes: rank.likes, post: rank.post))
            }
            authors[author, default: AuthorDraft()].note(draft)
        }
        var authorChanges = RowChanges(tables.authors)
        for (author, draft) in authors {
            if let row = try draft.row(of: author, snapshot) {
                authorChanges.set(RowKey(author.rawValue)) { row.append(to: &$0) }
            } else {
                authorChanges.remove(RowKey(author.rawValue))
            }
        }
        return [posts, byTime, byLikes, authorChanges, replies]
    }

    /// Changes a post that exists; an event about one that is gone changes nothing.
    private mutating func change(_ id: PostID, _ body: (inout PostDraft) throws -> Void) throws {
        if let place = drafts.index(forKey: id) {
            try body(&drafts.values[place])
        } else if let row = try snapshot.post(id) {
            var draft = PostDraft(row)
            try body(&draft)
            drafts[id] = draft
        }
    }
}
