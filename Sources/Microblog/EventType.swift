/// A kind of event, as its noun's file describes it. Used in messages and in ``Facts/lastEvent(of:)``.
///
/// Two kinds are equal if their codes are equal.
public struct EventType: Hashable, Sendable {
    /// The number that is stored. It never changes its meaning; a kind that is no longer written keeps it.
    public let code: UInt8
    /// The word for it in exports and messages.
    public let name: String
    /// The schema version that this program writes; it reads this version and all earlier ones.
    public let schema: UInt8

    init(code: UInt8, name: String, schema: UInt8 = 1) {
        self.code = code
        self.name = name
        self.schema = schema
    }

    /// The kind with this number; `nil` if this program does not know it.
    public init?(code: UInt8) {
        guard let body = Event.bodyType(of: code) else { return nil }
        self = body.type
    }

    /// All kinds, in the order of their codes.
    public static var all: [EventType] { (0...UInt8.max).compactMap { EventType(code: $0) } }

    public static func == (left: EventType, right: EventType) -> Bool { left.code == right.code }

    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

/// The fields of events, by the names that exports and messages use.
public enum EventField: String, Hashable, Sendable {
    case account
    case content
    case handle
    case keyHash = "key_hash"
    case media
    case mediaType = "media_type"
    case name
    case pins
    case post
    case previousHandle = "previous_handle"
    case replyTo = "reply_to"
    case role
    case size
    case text
}

/// Why stored bytes are not an event that this program can read.
public enum EventDecodingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The number of the kind of event is not known here.
    case unknownType(UInt8, schema: UInt8)
    /// The kind is known, but this version of its layout is not.
    case unknownSchema(UInt8, of: EventType)
    /// The bytes end before this field does.
    case truncated(field: EventField, of: EventType)
    /// The field holds a value that no martlet writes there.
    case invalid(field: EventField, of: EventType)
    /// Bytes are left after the last field of the payload or of the personal part; `nil` for a kind without fields.
    case trailing(count: Int, after: EventField?, of: EventType)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .unknownType(0, let schema):
            "event type 0 (schema \(schema)) is never written: the record is damaged; restore it from a backup"
        case .unknownType(let type, let schema):
            "event type \(type) (schema \(schema)) is not known to this martlet: a newer martlet wrote it; "
                + "run that version or a later one"
        case .unknownSchema(0, let type):
            "schema 0 of \(type.name) is never written: the record is damaged; restore it from a backup"
        case .unknownSchema(let schema, let type):
            "schema \(schema) of \(type.name) (type \(type.code)) is not known to this martlet, which reads up to "
                + "\(type.schema): a newer martlet wrote it; run that version or a later one"
        case .truncated(let field, let type):
            "\(type.name) ends within its field \(field.rawValue): the record is damaged; restore it from a backup"
        case .invalid(let field, let type):
            "the field \(field.rawValue) of \(type.name) holds a value that is never written there: the record is "
                + "damaged; restore it from a backup"
        case .trailing(let count, let field, let type):
            "\(count) bytes too many after \(field.map { "the field \($0.rawValue)" } ?? "the type") of \(type.name): "
                + "the record is damaged; restore it from a backup"
        }
    }
}
