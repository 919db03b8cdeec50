internal import Bytes

/// Shows a post of the issuer's own first on the issuer's profile, at most ``Limits/pinsPerAccount`` of them.
public struct PinPost: CommandBody {
    static let code: UInt8 = 13
    public let post: PostID

    /// Wants a post to be pinned.
    public init(_ post: PostID) { self.post = post }

    func encode(into bytes: inout [UInt8]) { bytes.append(post) }

    func decide<Known: Facts & ~Copyable>(
        by issuer: Issuer, limits _: Limits, facts: inout Known
    ) throws(Rejection) -> Event? {
        let pins = try facts.pins(of: issuer, with: post)
        guard !pins.contains(post) else { return nil }
        guard pins.count < Limits.pinsPerAccount else {
            throw .tooManyPins(count: pins.count + 1, limit: Limits.pinsPerAccount)
        }
        return .postPinned(PostPinned(post, pins: [post] + pins))
    }
}

/// Takes a pin back.
public struct UnpinPost: CommandBody {
    static let code: UInt8 = 14
    public let post: PostID

    /// Wants a post not to be pinned any more.
    public init(_ post: PostID) { self.post = post }

    func encode(into bytes: inout [UInt8]) { bytes.append(post) }

    func decide<Known: Facts & ~Copyable>(
        by issuer: Issuer, limits _: Limits, facts: inout Known
    ) throws(Rejection) -> Event? {
        let pins = try facts.pins(of: issuer, with: post)
        guard pins.contains(post) else { return nil }
        return .postUnpinned(PostUnpinned(post, pins: pins.filter { $0 != post }))
    }
}

/// The author pinned a post.
///
/// The event holds the whole list, so the newest one of the stream answers the rule.
public struct PostPinned: EventBody {
    public static var type: EventType { EventType(code: 13, name: "post_pinned") }
    public let post: PostID
    /// All that is pinned from now on, the newest pin first.
    public let pins: [PostID]

    /// The post was pinned.
    public init(_ post: PostID, pins: [PostID]) {
        self.post = post
        self.pins = pins
    }

    func write(to fields: inout some FieldWriter) {
        fields.id(.post, post)
        fields.ids(.pins, pins)
    }

    init(from fields: inout FieldReader) throws(EventDecodingError) {
        post = try fields.id(.post)
        pins = try fields.ids(.pins)
    }

    func streams(at _: UInt64, by issuer: Issuer) -> BoundStreams {
        BoundStreams(.pins(AccountID(issuer.rawValue)))
    }

    var event: Event { .postPinned(self) }
}

/// The author took a pin back.
public struct PostUnpinned: EventBody {
    public static var type: EventType { EventType(code: 14, name: "post_unpinned") }
    public let post: PostID
    /// All that is pinned from now on, the newest pin first.
    public let pins: [PostID]

    /// The post is not pinned any more.
    public init(_ post: PostID, pins: [PostID]) {
        self.post = post
        self.pins = pins
    }

    func write(to fields: inout some FieldWriter) {
        fields.id(.post, post)
        fields.ids(.pins, pins)
    }

    init(from fields: inout FieldReader) throws(EventDecodingError) {
        post = try fields.id(.post)
        pins = try fields.ids(.pins)
    }

    func streams(at _: UInt64, by issuer: Issuer) -> BoundStreams {
        BoundStreams(.pins(AccountID(issuer.rawValue)))
    }

    var event: Event { .postUnpinned(self) }
}

extension Limits {
    /// The most posts that an account has pinned at a time.
    public static let pinsPerAccount = 5
}

extension Facts where Self: ~Copyable {
    /// What the issuer has pinned, the newest pin first. Posts that were deleted since are left out: their places are
    /// free.
    ///
    /// - Throws: `accountRequired` or `unknownAccount` if there is nobody who could pin, `unknownPost` if the post does
    ///   not exist, `notAuthor` if it is another account's.
    fileprivate mutating func pins(of issuer: Issuer, with post: PostID) throws(Rejection) -> [PostID] {
        let account = try requireAccount(behind: issuer)
        try requirePost(post, by: account)
        let all: [PostID] =
            switch newest(of: .pins(account))?.event {
            case .postPinned(let newest): newest.pins
            case .postUnpinned(let newest): newest.pins
            default: []
            }
        var there: [PostID] = []
        for pin in all where lastEvent(of: .post(pin)) != PostDeleted.type { there.append(pin) }
        return there
    }
}
