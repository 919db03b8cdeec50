internal import Bytes

/// Reads the fields of a stored event, in order; every error names the field.
struct FieldReader {
    /// The version of the layout.
    let schema: UInt8
    private let body: any EventBody.Type
    private var payload: ByteReader
    private var personal: ByteReader
    /// The account whose personal part cannot be read.
    private let erased: AccountID?
    private var last: (payload: EventField?, personal: EventField?)

    init(payload: UnsafeRawBufferPointer, personal: PersonalPart, of body: any EventBody.Type, schema: UInt8) {
        self.body = body
        self.schema = schema
        self.payload = ByteReader(payload)
        switch personal {
        case .plain(let bytes): (self.personal, erased) = (ByteReader(bytes), nil)
        case .erased(let account):
            (self.personal, erased) = (ByteReader(UnsafeRawBufferPointer(start: nil, count: 0)), account)
        }
    }

    private var type: EventType { body.type }

    mutating func id<ID: EntityID>(_ field: EventField) throws(EventDecodingError) -> ID {
        let id = try number(field)
        guard id != 0 else { throw .invalid(field: field, of: type) }
        return ID(rawValue: id)
    }

    mutating func reference(_ field: EventField) throws(EventDecodingError) -> PostID? {
        let id = try number(field)
        return id == 0 ? nil : PostID(id)
    }

    /// The bytes are counted before room is made, so that a damaged count cannot ask for gigabytes.
    mutating func ids<ID: EntityID>(_ field: EventField) throws(EventDecodingError) -> [ID] {
        let count = try next(field, UInt32.self)
        guard count > 0 else { return [] }
        var numbers = ByteReader(try run(field, count: Int(count) * MemoryLayout<UInt64>.size))
        var ids: [ID] = []
        ids.reserveCapacity(Int(count))
        while let number = numbers.next(UInt64.self) {
            guard number != 0 else { throw .invalid(field: field, of: type) }
            ids.append(ID(number))
        }
        return ids
    }

    mutating func hash<Name: HashName>(_ field: EventField) throws(EventDecodingError) -> Name {
        guard let hash = Hash256(bytes: try run(field, count: Hash256.byteCount)) else {
            throw .invalid(field: field, of: type)
        }
        return Name(rawValue: hash)
    }

    mutating func optionalKey(_ field: EventField) throws(EventDecodingError) -> KeyHash? {
        try isPresent(field) ? hash(field) : nil
    }

    /// A handle in the payload, where the first schema of accounts had it.
    mutating func plainHandle(_ field: EventField) throws(EventDecodingError) -> Handle {
        let count = try next(field, UInt8.self)
        guard let handle = Handle(stored: try run(field, count: Int(count))) else {
            throw .invalid(field: field, of: type)
        }
        return handle
    }

    /// A handle in the payload, or none.
    mutating func optionalPlainHandle(_ field: EventField) throws(EventDecodingError) -> Handle? {
        try isPresent(field) ? plainHandle(field) : nil
    }

    mutating func code<Code: FieldCode>(_ field: EventField) throws(EventDecodingError) -> Code {
        guard let code = Code(rawValue: try next(field, UInt8.self)) else { throw .invalid(field: field, of: type) }
        return code
    }

    mutating func number(_ field: EventField) throws(EventDecodingError) -> UInt64 {
        try next(field, UInt64.self)
    }

    /// The handle of a person.
    mutating func handle(_ field: EventField) throws(EventDecodingError) -> Handle {
        if let erased { return Erased.handle(of: erased) }
        let count = try nextPersonal(field, UInt8.self)
        guard let handle = Handle(stored: try personalRun(field, count: Int(count))) else {
            throw .invalid(field: field, of: type)
        }
        return handle
    }

    /// The handle of a person, or none.
    mutating func optionalHandle(_ field: EventField) throws(EventDecodingError) -> Handle? {
        guard erased == nil else { return nil }
        switch try nextPersonal(field, UInt8.self) {
        case 0: return nil
        case 1: return try handle(field)
        default: throw .invalid(field: field, of: type)
        }
    }

    /// The name of a person.
    mutating func name(_ field: EventField) throws(EventDecodingError) -> DisplayName {
        erased == nil ? DisplayName(stored: try written(field)) : Erased.name
    }

    /// What a person wrote.
    mutating func text(_ field: EventField) throws(EventDecodingError) -> String {
        erased == nil ? try written(field) : Erased.text
    }

    private mutating func written(_ field: EventField) throws(EventDecodingError) -> String {
        let count = try nextPersonal(field, UInt32.self)
        let utf8 = try personalRun(field, count: Int(count))
        guard let text = String(validating: utf8.bindMemory(to: UInt8.self), as: UTF8.self) else {
            throw .invalid(field: field, of: type)
        }
        return text
    }

    /// - Throws: `trailing` unless both parts have been read to their ends.
    func end() throws(EventDecodingError) {
        try end(payload, after: last.payload ?? last.personal)
        try end(personal, after: last.personal ?? last.payload)
    }

    private func end(_ part: ByteReader, after field: EventField?) throws(EventDecodingError) {
        guard !part.rest.isEmpty else { return }
        throw .trailing(count: part.rest.count, after: field, of: type)
    }

    private mutating func isPresent(_ field: EventField) throws(EventDecodingError) -> Bool {
        switch try next(field, UInt8.self) {
        case 0: return false
        case 1: return true
        default: throw .invalid(field: field, of: type)
        }
    }

    private mutating func next<Number: FixedWidthInteger>(
        _ field: EventField, _: Number.Type
    ) throws(EventDecodingError) -> Number {
        last.payload = field
        guard let number = payload.next(Number.self) else { throw .truncated(field: field, of: type) }
        return number
    }

    private mutating func nextPersonal<Number: FixedWidthInteger>(
        _ field: EventField, _: Number.Type
    ) throws(EventDecodingError) -> Number {
        last.personal = field
        guard let number = personal.next(Number.self) else { throw .truncated(field: field, of: type) }
        return number
    }

    private mutating func personalRun(
        _ field: EventField, count: Int
    ) throws(EventDecodingError) -> UnsafeRawBufferPointer {
        last.personal = field
        guard let run = personal.next(count: count) else { throw .truncated(field: field, of: type) }
        return run
    }

    private mutating func run(_ field: EventField, count: Int) throws(EventDecodingError) -> UnsafeRawBufferPointer {
        last.payload = field
        guard let run = payload.next(count: count) else { throw .truncated(field: field, of: type) }
        return run
    }
}
