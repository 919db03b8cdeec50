/// Why stored bytes are no event that this program can read.
public enum EventDecodingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The number of the kind of event is not known here.
    case unknownType(UInt8, schema: UInt8)
    /// The kind is known, this version of its layout is not.
    case unknownSchema(UInt8, of: EventType)
    /// The bytes end before this field does.
    case truncated(field: EventField, of: EventType)
    /// The field holds what no martlet writes there.
    case invalid(field: EventField, of: EventType)
    /// Bytes are left after the last field of the payload or of the personal part.
    case trailing(count: Int, after: EventField, of: EventType)

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
            "schema \(schema) of \(type.name) (type \(type.rawValue)) is not known to this martlet, which reads up to "
                + "\(type.schema): a newer martlet wrote it; run that version or a later one"
        case .truncated(let field, let type):
            "\(type.name) ends within its field \(field.rawValue): the record is damaged; restore it from a backup"
        case .invalid(let field, let type):
            "the field \(field.rawValue) of \(type.name) holds a value that is never written there: the record is "
                + "damaged; restore it from a backup"
        case .trailing(let count, let field, let type):
            "\(count) bytes too many after the field \(field.rawValue) of \(type.name): the record is damaged; "
                + "restore it from a backup"
        }
    }
}
