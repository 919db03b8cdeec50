internal import Microblog
internal import PlainMicroblog
internal import Projections

/// Rows and what is expected of them, as lines that can be compared and read.
extension PlainMicroblog {
    func account(_ id: AccountID) -> String? {
        accounts[id].map { "\($0.handle) \($0.name.text) \($0.role) \($0.time)" }
    }

    static func text(_ row: AccountRow) -> String {
        "\(string(row.handle)) \(string(row.name)) \(row.role) \(row.time)"
    }

    func post(_ id: PostID) -> String? {
        posts[id].map { post in
            let name = accounts[post.author]?.name.text ?? "?"
            return "\(post.author) \(name) \(post.time) \(post.replyTo?.rawValue ?? 0) \(likeCount(id)) "
                + "\(post.files.compactMap { files[$0].map(Self.attachment) }) \(post.text)"
        }
    }

    static func text(_ row: PostRow, _ views: ViewSnapshot) throws -> String {
        let files = try (0..<row.attachmentCount).map { try row.attachment(at: $0) }
        return
            "\(row.author) \(try name(of: row.author, views)) \(row.time) \(row.replyTo?.rawValue ?? 0) \(row.likes) "
            + "\(files) \(string(row.text))"
    }

    /// What the row of an author holds.
    func author(_ author: AccountID) -> String? {
        let posts = posts(by: author)
        guard let newest = posts.first,
            let top = posts.map({ FeedPlace(likes: likeCount($0), entry: $0.rawValue) }).max()
        else { return nil }
        return "newest \(newest) top \(top.entry) with \(top.likes) of \(posts.count)"
    }

    static func text(_ row: AuthorRow) -> String {
        "newest \(row.newest.post) top \(row.top.post) with \(row.topLikes) of \(row.posts)"
    }

    func media(_ id: MediaID) -> String? {
        files[id].map { "\($0.owner) \($0.post?.rawValue ?? 0) \(Self.attachment($0)) \($0.size)" }
    }

    static func text(_ row: MediaRow) -> String {
        "\(row.owner) \(row.post?.rawValue ?? 0) \(row.file) \(row.size)"
    }

    func content(_ hash: ContentHash) -> String? {
        let holders = files.values.filter { $0.content == hash }
        return holders.first.map { "\(holders.count) \($0.type) \($0.size)" }
    }

    static func text(_ row: ContentRow) -> String { "\(row.references) \(row.type) \(row.size)" }

    private static func attachment(_ file: File) -> Attachment { Attachment(content: file.content, type: file.type) }

    /// The name as pages show it, without its quotes and the backslashes before what has to be escaped.
    static func name(of account: AccountID, _ views: ViewSnapshot) throws -> String {
        try views.withName(of: account) { name in
            var bytes = [UInt8](repeating: 0, count: name.count + AccountName.margin)
            bytes.withUnsafeMutableBufferPointer { name.write(to: $0.baseAddress!) }
            return String(decoding: bytes[1..<(name.count - 1)], as: UTF8.self).replacing("\\\"", with: "\"")
                .replacing("\\\\", with: "\\")
        }
    }

    private static func string(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }
}
