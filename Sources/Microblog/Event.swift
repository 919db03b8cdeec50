/// Something that has happened. It never changes.
///
/// Time, position and the account that acted are not part of it. The log keeps these beside every event. So the author
/// of a post is the event's ``Issuer``, and so is the account that likes, follows or uploads.
///
/// A case has three rows here: itself, its ``body``, and its code in ``bodyType(of:)``. All else is in its noun's file.
public enum Event: Hashable, Sendable {
    case accountRegistered(AccountRegistered)
    case accountChanged(AccountChanged)
    case keyIssued(KeyIssued)
    case keyRevoked(KeyRevoked)
    case postPublished(PostPublished)
    case postDeleted(PostDeleted)
    case postLiked(PostLiked)
    case postUnliked(PostUnliked)
    case accountFollowed(AccountFollowed)
    case accountUnfollowed(AccountUnfollowed)
    case mediaUploaded(MediaUploaded)
    case mediaAttached(MediaAttached)
    case postPinned(PostPinned)
    case postUnpinned(PostUnpinned)

    private var body: any EventBody {
        switch self {
        case .accountRegistered(let body): body
        case .accountChanged(let body): body
        case .keyIssued(let body): body
        case .keyRevoked(let body): body
        case .postPublished(let body): body
        case .postDeleted(let body): body
        case .postLiked(let body): body
        case .postUnliked(let body): body
        case .accountFollowed(let body): body
        case .accountUnfollowed(let body): body
        case .mediaUploaded(let body): body
        case .mediaAttached(let body): body
        case .postPinned(let body): body
        case .postUnpinned(let body): body
        }
    }

    /// What the number of a kind of event stands for; `nil` for an unknown number.
    static func bodyType(of code: UInt8) -> (any EventBody.Type)? {
        switch code {
        case AccountRegistered.type.code: AccountRegistered.self
        case AccountChanged.type.code: AccountChanged.self
        case KeyIssued.type.code: KeyIssued.self
        case KeyRevoked.type.code: KeyRevoked.self
        case PostPublished.type.code: PostPublished.self
        case PostDeleted.type.code: PostDeleted.self
        case PostLiked.type.code: PostLiked.self
        case PostUnliked.type.code: PostUnliked.self
        case AccountFollowed.type.code: AccountFollowed.self
        case AccountUnfollowed.type.code: AccountUnfollowed.self
        case MediaUploaded.type.code: MediaUploaded.self
        case MediaAttached.type.code: MediaAttached.self
        case PostPinned.type.code: PostPinned.self
        case PostUnpinned.type.code: PostUnpinned.self
        default: nil
        }
    }
}

/// What each kind of event defines.
protocol EventBody: Hashable, Sendable {
    /// The kind: its number, its word, and the schema that this program writes.
    static var type: EventType { get }

    /// Names every field once, in the order in which they are stored.
    func write(to fields: inout some FieldWriter)

    /// Reads the fields in the order in which they were written.
    ///
    /// A layout that was ever written stays readable. When a kind gets schema 2, this still reads the fields of schema
    /// 1 (see `fields.schema`) and makes today's event from them.
    init(from fields: inout FieldReader) throws(EventDecodingError)

    /// The streams that the event is the next event of: see ``Event/streams(at:by:)``.
    func streams(at position: UInt64, by issuer: Issuer) -> BoundStreams

    /// The account whose words the personal part holds; `nil` for an event without a personal part.
    func subject(at position: UInt64, by issuer: Issuer) -> AccountID?

    /// The event that this is the body of.
    var event: Event { get }

    /// Reads the event. It is one call for each kind and not generic, because a rebuild reads millions of events.
    static func decode(_ fields: inout FieldReader) throws(EventDecodingError) -> Event
}

extension Event {
    /// The kind of event, without its values.
    public var type: EventType { body.kind }

    /// The streams that this event is the next event of.
    ///
    /// - Parameters:
    ///   - position: where the event is, or will be, in the log; the id of what it creates.
    ///   - issuer: the event's actor. Only an account likes and follows, which ``decide(_:by:limits:facts:)`` ensures.
    public func streams(at position: UInt64, by issuer: Issuer) -> BoundStreams {
        body.streams(at: position, by: issuer)
    }

    /// The account that the personal part is about, with whose key it is sealed; `nil` for an event without one.
    ///
    /// - Parameters:
    ///   - position: where the event is, or will be, in the log: a registration is about the account that it makes.
    ///   - issuer: the event's actor.
    public func subject(at position: UInt64, by issuer: Issuer) -> AccountID? {
        body.subject(at: position, by: issuer)
    }

    /// The event as the log stores it, in the newest schema.
    public func encode() -> EncodedEvent { body.encode() }

    /// All that the log takes of an event: its bytes, its streams and its subject. It is quicker than to ask for each,
    /// because the body is taken out once, which needs memory.
    public func encode(
        at position: UInt64, by issuer: Issuer
    ) -> (event: EncodedEvent, streams: BoundStreams, subject: AccountID?) {
        let body = body
        return (
            body.encode(), body.streams(at: position, by: issuer), body.subject(at: position, by: issuer)
        )
    }

    /// Appends one JSON object with the event's own fields; the caller adds time, position and actor.
    ///
    /// Ids and sizes are numbers, hashes 64 hexadecimal digits, an absent reference, key or handle is `null`.
    public func writeJSONFields(into json: inout [UInt8]) {
        var object = JSONFields()
        swap(&object.json, &json)
        object.begin()
        body.write(to: &object)
        object.end()
        swap(&object.json, &json)
    }

    /// Reads an event of any schema version that a martlet up to this one has written.
    ///
    /// The memory is only borrowed. Rules that may change (the length of a text) are not checked again here.
    ///
    /// - Throws: `unknownType` or `unknownSchema` for what a newer martlet wrote; else what is wrong with which field.
    public static func decode(
        type code: UInt8, schema: UInt8, payload: UnsafeRawBufferPointer, personal: PersonalPart
    ) throws(EventDecodingError) -> Event {
        guard let body = bodyType(of: code) else { throw .unknownType(code, schema: schema) }
        guard 1...body.type.schema ~= schema else { throw .unknownSchema(schema, of: body.type) }
        var fields = FieldReader(payload: payload, personal: personal, of: body, schema: schema)
        return try body.decode(&fields)
    }
}

extension EventBody {
    fileprivate var kind: EventType { Self.type }

    fileprivate func encode() -> EncodedEvent {
        var parts = StoredFields()
        // Enough for most, so that they do not grow step by step.
        parts.payload.reserveCapacity(64)
        write(to: &parts)
        return EncodedEvent(
            type: Self.type, schema: Self.type.schema, payload: parts.payload, personal: parts.personal)
    }

    func subject(at _: UInt64, by _: Issuer) -> AccountID? { nil }

    static func decode(_ fields: inout FieldReader) throws(EventDecodingError) -> Event {
        let body = try Self(from: &fields)
        try fields.end()
        return body.event
    }
}

/// An event as the log stores it; the layout is in `docs/events.md`.
public struct EncodedEvent: Hashable, Sendable {
    /// The kind of event.
    public var type: EventType
    /// The version of the layout.
    public var schema: UInt8
    /// Ids, references and codes. They may stay when a person is erased.
    public var payload: [UInt8]
    /// What a person wrote: post text, display name, handle. It is kept apart, because it is sealed with a key of that
    /// person (``Event/subject(at:by:)``). Most events have none.
    public var personal: [UInt8]

    /// Puts the parts together.
    public init(type: EventType, schema: UInt8, payload: [UInt8], personal: [UInt8]) {
        self.type = type
        self.schema = schema
        self.payload = payload
        self.personal = personal
    }
}
