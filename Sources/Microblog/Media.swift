internal import Bytes

/// Records a file that is already in the media store.
public struct UploadMedia: CommandBody {
    static let code: UInt8 = 10
    public let content: ContentHash
    public let type: MediaType
    /// In bytes.
    public let size: UInt64

    /// Wants a file of this size to be recorded.
    public init(content: ContentHash, type: MediaType, size: UInt64) {
        self.content = content
        self.type = type
        self.size = size
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append(content)
        bytes.append(type.rawValue)
        bytes.append(bigEndian: size)
    }

    func decide<Known: Facts & ~Copyable>(
        by issuer: Issuer, limits _: Limits, facts: inout Known
    ) throws(Rejection) -> Event? {
        _ = try facts.requireAccount(behind: issuer)
        guard size > 0 else { throw .mediaEmpty }
        return .mediaUploaded(MediaUploaded(content: content, type: type, size: size))
    }
}

/// Puts an uploaded file on a post that is there already.
public struct AttachMedia: CommandBody {
    static let code: UInt8 = 11
    public let media: MediaID
    public let post: PostID

    /// Wants a file of the issuer to be on a post of the issuer.
    public init(_ media: MediaID, to post: PostID) {
        self.media = media
        self.post = post
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append(media)
        bytes.append(post)
    }

    func decide<Known: Facts & ~Copyable>(
        by issuer: Issuer, limits: Limits, facts: inout Known
    ) throws(Rejection) -> Event? {
        let author = try facts.requireAccount(behind: issuer)
        try facts.requirePost(post, by: author)
        if let holder = try facts.holder(of: media, ownedBy: author) {
            guard holder == post else { throw .mediaAlreadyAttached(media) }
            return nil
        }
        try limits.check(mediaCount: facts.mediaCount(of: post) + 1)
        return .mediaAttached(MediaAttached(media, to: post))
    }
}

/// The issuer uploaded a file; its id is the event's position.
public struct MediaUploaded: EventBody {
    public static var type: EventType { EventType(code: 10, name: "media_uploaded") }
    public let content: ContentHash
    public let type: MediaType
    /// In bytes.
    public let size: UInt64

    /// The file of this size was uploaded.
    public init(content: ContentHash, type: MediaType, size: UInt64) {
        self.content = content
        self.type = type
        self.size = size
    }

    func write(to fields: inout some FieldWriter) {
        fields.hash(.content, content)
        fields.code(.mediaType, type)
        fields.number(.size, size)
    }

    init(from fields: inout FieldReader) throws(EventDecodingError) {
        content = try fields.hash(.content)
        type = try fields.code(.mediaType)
        size = try fields.number(.size)
    }

    func streams(at position: UInt64, by _: Issuer) -> BoundStreams { BoundStreams(.media(MediaID(position))) }

    var event: Event { .mediaUploaded(self) }
}

/// The author put a file on a post, after the files that it already had.
public struct MediaAttached: EventBody {
    public static var type: EventType { EventType(code: 11, name: "media_attached") }
    public let media: MediaID
    public let post: PostID

    /// The file is on the post.
    public init(_ media: MediaID, to post: PostID) {
        self.media = media
        self.post = post
    }

    func write(to fields: inout some FieldWriter) {
        fields.id(.media, media)
        fields.id(.post, post)
    }

    init(from fields: inout FieldReader) throws(EventDecodingError) {
        media = try fields.id(.media)
        post = try fields.id(.post)
    }

    /// It is also the next event of the post's stream. So the version of that stream tells how many files were attached
    /// (see ``Facts/mediaCount(of:)``), and two attachments to one post are ordered.
    func streams(at _: UInt64, by _: Issuer) -> BoundStreams { BoundStreams(.media(media), .post(post)) }

    var event: Event { .mediaAttached(self) }
}

/// The kinds of file that can be uploaded.
///
/// The raw value is stored and never changes its meaning.
public enum MediaType: UInt8, CaseIterable, Sendable, FieldCode {
    case jpeg = 1
    case png = 2
    case gif = 3
    case webp = 4
    case mp4 = 5

    /// The value of a `Content-Type` header.
    public var mimeType: String {
        switch self {
        case .jpeg: "image/jpeg"
        case .png: "image/png"
        case .gif: "image/gif"
        case .webp: "image/webp"
        case .mp4: "video/mp4"
        }
    }

    /// The end of a file name, without the dot.
    public var fileExtension: String {
        switch self {
        case .jpeg: "jpg"
        case .png: "png"
        case .gif: "gif"
        case .webp: "webp"
        case .mp4: "mp4"
        }
    }

    var word: String { mimeType }
}

extension Limits {
    /// - Throws: `tooManyMedia` or `duplicateMedia`.
    func check(media: [MediaID]) throws(Rejection) {
        try check(mediaCount: media.count)
        for (index, id) in media.enumerated() where media[..<index].contains(id) { throw .duplicateMedia(id) }
    }

    /// - Throws: `tooManyMedia`.
    func check(mediaCount: Int) throws(Rejection) {
        guard mediaCount <= mediaPerPost else { throw .tooManyMedia(count: mediaCount, limit: mediaPerPost) }
    }
}

extension Facts where Self: ~Copyable {
    /// - Throws: `unknownMedia` if it was never uploaded or was removed with a deleted post, `mediaNotOwned` if another
    ///   account uploaded it, `mediaAlreadyAttached` if it is on a post.
    mutating func requireFree(_ media: MediaID, of owner: AccountID) throws(Rejection) {
        if try holder(of: media, ownedBy: owner) != nil { throw .mediaAlreadyAttached(media) }
    }

    /// The post that an account's file is on, if any.
    ///
    /// - Throws: `unknownMedia` if it was never uploaded or was removed with a deleted post, `mediaNotOwned` if another
    ///   account uploaded it.
    mutating func holder(of media: MediaID, ownedBy owner: AccountID) throws(Rejection) -> PostID? {
        guard lastEvent(of: .media(media)) != nil else { throw .unknownMedia(media) }
        let post = post(holding: media)
        if let post, lastEvent(of: .post(post)) == PostDeleted.type { throw .unknownMedia(media) }
        guard self.owner(of: media) == owner else { throw .mediaNotOwned(media) }
        return post
    }
}
