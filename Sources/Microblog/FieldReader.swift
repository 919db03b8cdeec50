/// Reads the fields of one part of a stored event, in order; every error names the field.
struct EventFieldReader {
    private let type: EventType
    private var bytes: ByteReader

    init(_ part: UnsafeRawBufferPointer, of type: EventType) {
        self.type = type
        bytes = ByteReader(part)
    }

    mutating func id<ID: EntityID>(_ field: EventField) throws(EventDecodingError) -> ID {
        let id = try number(field, UInt64.self)
        guard id != 0 else { throw .invalid(field: field, of: type) }
        return ID(rawValue: id)
    }

    mutating func optionalPost(_ field: EventField) throws(EventDecodingError) -> PostID? {
        let id = try number(field, UInt64.self)
        return id == 0 ? nil : PostID(id)
    }

    mutating func hash<Name: HashName>(_ field: EventField) throws(EventDecodingError) -> Name {
        guard let hash = Hash256(bytes: try run(field, count: Hash256.byteCount)) else {
            throw .invalid(field: field, of: type)
        }
        return Name(rawValue: hash)
    }

    mutating func optionalKey(_ field: EventField) throws(EventDecodingError) -> KeyHash? {
        switch try number(field, UInt8.self) {
        case 0: return nil
        case 1: return try hash(field)
        default: throw .invalid(field: field, of: type)
        }
    }

    mutating func code<Code: RawRepresentable<UInt8>>(_ field: EventField) throws(EventDecodingError) -> Code {
        guard let code = Code(rawValue: try number(field, UInt8.self)) else { throw .invalid(field: field, of: type) }
        return code
    }

    mutating func handle(_ field: EventField) throws(EventDecodingError) -> Handle {
        let count = try number(field, UInt8.self)
        guard let handle = Handle(stored: try run(field, count: Int(count))) else {
            throw .invalid(field: field, of: type)
        }
        return handle
    }

    mutating func text(_ field: EventField) throws(EventDecodingError) -> String {
        let count = try number(field, UInt32.self)
        let utf8 = try run(field, count: Int(count))
        guard let text = String(validating: utf8.bindMemory(to: UInt8.self), as: UTF8.self) else {
            throw .invalid(field: field, of: type)
        }
        return text
    }

    /// The bytes are counted before room is made, so that a damaged count cannot ask for gigabytes.
    mutating func media(_ field: EventField) throws(EventDecodingError) -> [MediaID] {
        let count = try number(field, UInt32.self)
        guard count > 0 else { return [] }
        var ids = EventFieldReader(try run(field, count: Int(count) * MemoryLayout<UInt64>.size), of: type)
        var media: [MediaID] = []
        media.reserveCapacity(Int(count))
        for _ in 0..<count { media.append(try ids.id(field)) }
        return media
    }

    mutating func number<Number: FixedWidthInteger>(
        _ field: EventField, _: Number.Type
    ) throws(EventDecodingError) -> Number {
        guard let number = bytes.next(Number.self) else { throw .truncated(field: field, of: type) }
        return number
    }

    /// - Throws: `trailing` unless `last` was the last field of the part.
    func end(after last: EventField) throws(EventDecodingError) {
        guard bytes.rest.isEmpty else { throw .trailing(count: bytes.rest.count, after: last, of: type) }
    }

    private mutating func run(
        _ field: EventField, count: Int
    ) throws(EventDecodingError) -> UnsafeRawBufferPointer {
        guard let run = bytes.next(count: count) else { throw .truncated(field: field, of: type) }
        return run
    }
}
