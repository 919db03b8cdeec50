internal import Microblog

/// A post that a batch touches, as it is after the events so far.
struct PostDraft {
    let id: PostID
    let author: AccountID
    /// Its likes before the batch; `nil` if the batch published it.
    let likesBefore: UInt32?
    var likes: UInt32
    var row: [UInt8]
    var isDeleted = false

    /// A new post.
    init(id: PostID, author: AccountID, row: [UInt8]) {
        self.id = id
        self.author = author
        likesBefore = nil
        likes = 0
        self.row = row
    }

    /// A post that was there before.
    init(_ post: PostRow) {
        id = post.id
        author = post.author
        likesBefore = post.likes
        likes = post.likes
        row = Array(post.bytes)
    }

    /// Its place in the author's log by likes before the batch.
    var rankBefore: PostRank? { likesBefore.map { PostRank(likes: $0, post: id) } }
    /// Its place after the batch.
    var rankAfter: PostRank? { isDeleted ? nil : PostRank(likes: likes, post: id) }

    /// The post that it answers.
    func replyTo() throws -> PostID? { try row.withUnsafeBytes { try PostRow(id: id, $0).replyTo } }
}
