/// Likes a post. An account may like its own posts.
public struct LikePost: CommandBody {
    static let code: UInt8 = 6
    public let post: PostID

    /// Wants the issuer to like a post.
    public init(_ post: PostID) { self.post = post }

    func encode(into bytes: inout [UInt8]) { bytes.append(post) }

    func decide<Known: Facts & ~Copyable>(
        by issuer: Issuer, limits _: Limits, facts: inout Known
    ) throws(Rejection) -> Event? {
        try facts.likes(post, issuer) ? nil : .postLiked(PostLiked(post))
    }
}

/// Takes a like back.
public struct UnlikePost: CommandBody {
    static let code: UInt8 = 7
    public let post: PostID

    /// Wants the issuer not to like a post any more.
    public init(_ post: PostID) { self.post = post }

    func encode(into bytes: inout [UInt8]) { bytes.append(post) }

    func decide<Known: Facts & ~Copyable>(
        by issuer: Issuer, limits _: Limits, facts: inout Known
    ) throws(Rejection) -> Event? {
        try facts.likes(post, issuer) ? .postUnliked(PostUnliked(post)) : nil
    }
}

/// The issuer liked a post.
public struct PostLiked: EventBody {
    public static var type: EventType { EventType(code: 6, name: "post_liked") }
    public let post: PostID

    /// The post was liked.
    public init(_ post: PostID) { self.post = post }

    func write(to fields: inout some FieldWriter) { fields.id(.post, post) }

    init(from fields: inout FieldReader) throws(EventDecodingError) { post = try fields.id(.post) }

    func streams(at _: UInt64, by issuer: Issuer) -> BoundStreams {
        BoundStreams(.like(post, by: AccountID(issuer.rawValue)))
    }

    var event: Event { .postLiked(self) }
}

/// The issuer took a like back.
public struct PostUnliked: EventBody {
    public static var type: EventType { EventType(code: 7, name: "post_unliked") }
    public let post: PostID

    /// The post is not liked any more.
    public init(_ post: PostID) { self.post = post }

    func write(to fields: inout some FieldWriter) { fields.id(.post, post) }

    init(from fields: inout FieldReader) throws(EventDecodingError) { post = try fields.id(.post) }

    func streams(at _: UInt64, by issuer: Issuer) -> BoundStreams {
        BoundStreams(.like(post, by: AccountID(issuer.rawValue)))
    }

    var event: Event { .postUnliked(self) }
}

extension Facts where Self: ~Copyable {
    /// Whether the issuer likes a post.
    ///
    /// - Throws: `accountRequired` or `unknownAccount` if the issuer cannot like it, `unknownPost` if the post does not
    ///   exist.
    fileprivate mutating func likes(_ post: PostID, _ issuer: Issuer) throws(Rejection) -> Bool {
        let account = try requireAccount(behind: issuer)
        try requirePost(post)
        return lastEvent(of: .like(post, by: account)) == PostLiked.type
    }
}
