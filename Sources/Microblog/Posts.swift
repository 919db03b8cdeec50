/// Publishes a post, with media that were uploaded before. It may answer another post.
public struct PublishPost: CommandBody {
    static let code: UInt8 = 4
    public let text: String
    /// The post that it answers; `nil` if it stands on its own.
    public let replyTo: PostID?
    /// In the order in which they show.
    public let media: [MediaID]

    /// Wants a post; the media show in this order.
    public init(text: String, replyTo: PostID?, media: [MediaID]) {
        self.text = text
        self.replyTo = replyTo
        self.media = media
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append(counted: text)
        bytes.append(replyTo)
        bytes.append(media)
    }

    func decide<Known: Facts & ~Copyable>(
        by issuer: Issuer, limits: Limits, facts: inout Known
    ) throws(Rejection) -> Event? {
        let author = try facts.requireAccount(behind: issuer)
        try limits.check(text: text)
        try limits.check(media: media)
        if let replyTo { try facts.requirePost(replyTo) }
        for id in media { try facts.requireFree(id, of: author) }
        return .postPublished(PostPublished(text: text, replyTo: replyTo, media: media))
    }
}

/// Deletes a post of the issuer. Its likes and media go with it; replies to it stay.
public struct DeletePost: CommandBody {
    static let code: UInt8 = 5
    public let post: PostID

    /// Wants a post to be gone.
    public init(_ post: PostID) { self.post = post }

    func encode(into bytes: inout [UInt8]) { bytes.append(post) }

    func decide<Known: Facts & ~Copyable>(
        by issuer: Issuer, limits _: Limits, facts: inout Known
    ) throws(Rejection) -> Event? {
        let author = try facts.requireAccount(behind: issuer)
        try facts.requirePost(post, by: author)
        return .postDeleted(PostDeleted(post))
    }
}

/// The issuer published a post; its id is the event's position. The media are in the order in which they show.
public struct PostPublished: EventBody {
    public static var type: EventType { EventType(code: 4, name: "post_published") }
    public let text: String
    /// The post that it answers; `nil` if it stands on its own.
    public let replyTo: PostID?
    /// In the order in which they show.
    public let media: [MediaID]

    /// The post with these values was published.
    public init(text: String, replyTo: PostID?, media: [MediaID]) {
        self.text = text
        self.replyTo = replyTo
        self.media = media
    }

    func write(to fields: inout some FieldWriter) {
        fields.text(.text, text)
        fields.reference(.replyTo, replyTo)
        fields.ids(.media, media)
    }

    init(from fields: inout FieldReader) throws(EventDecodingError) {
        text = try fields.text(.text)
        replyTo = try fields.reference(.replyTo)
        media = try fields.ids(.media)
    }

    func streams(at position: UInt64, by _: Issuer) -> BoundStreams {
        BoundStreams(.post(PostID(position)), media.isEmpty ? .none : .media(media))
    }

    /// The author.
    func subject(at _: UInt64, by issuer: Issuer) -> AccountID? { AccountID(issuer.rawValue) }

    var event: Event { .postPublished(self) }
}

/// The author deleted a post.
public struct PostDeleted: EventBody {
    public static var type: EventType { EventType(code: 5, name: "post_deleted") }
    public let post: PostID

    /// The post is gone.
    public init(_ post: PostID) { self.post = post }

    func write(to fields: inout some FieldWriter) { fields.id(.post, post) }

    init(from fields: inout FieldReader) throws(EventDecodingError) { post = try fields.id(.post) }

    func streams(at _: UInt64, by _: Issuer) -> BoundStreams { BoundStreams(.post(post)) }

    var event: Event { .postDeleted(self) }
}

extension Limits {
    /// - Throws: `textBlank` or `textTooLong`.
    func check(text: String) throws(Rejection) {
        guard !text.isBlank else { throw .textBlank }
        // A text never has more scalars than bytes, and the number of bytes is known without counting.
        guard text.utf8.count > textLength else { return }
        let length = text.unicodeScalars.count
        guard length <= textLength else { throw .textTooLong(length: length, limit: textLength) }
    }
}

extension Facts where Self: ~Copyable {
    /// - Throws: `unknownPost` if the post never existed or is deleted.
    mutating func requirePost(_ post: PostID) throws(Rejection) {
        guard let last = lastEvent(of: .post(post)), last != PostDeleted.type else { throw .unknownPost(post) }
    }

    /// - Throws: `unknownPost` as above, `notAuthor` if another account published it.
    mutating func requirePost(_ post: PostID, by author: AccountID) throws(Rejection) {
        try requirePost(post)
        guard self.author(of: post) == author else { throw .notAuthor(post) }
    }
}
