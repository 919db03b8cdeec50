internal import Bytes

/// Takes the fields of an event with their names, in the order in which they are stored.
///
/// An event names its fields once; one writer makes the bytes for the log, another makes the JSON for exports. What a
/// person wrote (`handle`, `name`, `text`) is stored apart from the rest.
protocol FieldWriter {
    /// What an event created.
    mutating func id(_ field: EventField, _ id: some EntityID)
    /// A post, or none.
    mutating func reference(_ field: EventField, _ post: PostID?)
    /// Things of one kind, in order.
    mutating func ids(_ field: EventField, _ ids: [some EntityID])
    /// What is known by its hash.
    mutating func hash(_ field: EventField, _ hash: some HashName)
    /// A key, or none.
    mutating func hash(_ field: EventField, _ key: KeyHash?)
    /// The handle of a person.
    mutating func handle(_ field: EventField, _ handle: Handle)
    /// A handle, or none.
    mutating func handle(_ field: EventField, _ handle: Handle?)
    /// The name of a person.
    mutating func name(_ field: EventField, _ name: DisplayName)
    /// One of a few values that have a number for the log and a word for people.
    mutating func code(_ field: EventField, _ code: some FieldCode)
    mutating func number(_ field: EventField, _ number: UInt64)
    /// What a person wrote.
    mutating func text(_ field: EventField, _ text: String)
}

/// A value that is stored as a number and exported as a word. The number never changes its meaning.
protocol FieldCode: RawRepresentable<UInt8> {
    /// The word for it.
    var word: String { get }
}

/// The fields as the log stores them: the layout is in `docs/events.md`.
struct StoredFields: FieldWriter {
    var payload: [UInt8] = []
    var personal: [UInt8] = []

    mutating func id(_: EventField, _ id: some EntityID) { payload.append(id) }
    mutating func reference(_: EventField, _ post: PostID?) { payload.append(post) }
    mutating func ids(_: EventField, _ ids: [some EntityID]) { payload.append(ids) }
    mutating func hash(_: EventField, _ hash: some HashName) { payload.append(hash) }
    mutating func hash(_: EventField, _ key: KeyHash?) { payload.append(key) }
    mutating func handle(_: EventField, _ handle: Handle) { personal.append(handle) }
    mutating func handle(_: EventField, _ handle: Handle?) { personal.append(handle) }
    mutating func name(_: EventField, _ name: DisplayName) { personal.append(counted: name.text) }
    mutating func code(_: EventField, _ code: some FieldCode) { payload.append(code.rawValue) }
    mutating func number(_: EventField, _ number: UInt64) { payload.append(bigEndian: number) }
    mutating func text(_: EventField, _ text: String) { personal.append(counted: text) }
}

/// The fields as members of one JSON object.
struct JSONFields: FieldWriter {
    var json: [UInt8] = []
    private var isFirst = true

    mutating func begin() { json.append(UInt8(ascii: "{")) }
    mutating func end() { json.append(UInt8(ascii: "}")) }

    mutating func id(_ field: EventField, _ id: some EntityID) { number(field, id.rawValue) }

    mutating func reference(_ field: EventField, _ post: PostID?) {
        if let post { number(field, post.rawValue) } else { null(field) }
    }

    mutating func ids(_ field: EventField, _ ids: [some EntityID]) {
        member(field)
        json.append(UInt8(ascii: "["))
        for (index, id) in ids.enumerated() {
            if index > 0 { json.append(UInt8(ascii: ",")) }
            json.append(decimal: id.rawValue)
        }
        json.append(UInt8(ascii: "]"))
    }

    mutating func hash(_ field: EventField, _ hash: some HashName) {
        member(field)
        json.append(UInt8(ascii: "\""))
        hash.rawValue.appendHex(to: &json)
        json.append(UInt8(ascii: "\""))
    }

    mutating func hash(_ field: EventField, _ key: KeyHash?) {
        if let key { hash(field, key) } else { null(field) }
    }

    mutating func handle(_ field: EventField, _ handle: Handle) {
        member(field)
        json.append(UInt8(ascii: "\""))
        handle.append(to: &json)
        json.append(UInt8(ascii: "\""))
    }

    mutating func handle(_ field: EventField, _ handle: Handle?) {
        if let handle { self.handle(field, handle) } else { null(field) }
    }

    mutating func code(_ field: EventField, _ code: some FieldCode) {
        member(field)
        json.append(jsonString: code.word)
    }

    mutating func number(_ field: EventField, _ number: UInt64) {
        member(field)
        json.append(decimal: number)
    }

    mutating func name(_ field: EventField, _ name: DisplayName) { text(field, name.text) }

    mutating func text(_ field: EventField, _ written: String) {
        member(field)
        json.append(jsonString: written)
    }

    private mutating func null(_ field: EventField) {
        member(field)
        json.append(text: "null")
    }

    private mutating func member(_ field: EventField) {
        if !isFirst { json.append(UInt8(ascii: ",")) }
        isFirst = false
        json.append(jsonString: field.rawValue)
        json.append(UInt8(ascii: ":"))
    }
}

/// How values are written in events and commands; the conventions are in `docs/events.md`.
extension [UInt8] {
    mutating func append(_ id: some EntityID) {
        append(bigEndian: id.rawValue)
    }

    /// No post is 0, which is never an id.
    mutating func append(_ post: PostID?) {
        append(bigEndian: post?.rawValue ?? 0)
    }

    /// A count in four bytes, then eight bytes each.
    mutating func append(_ ids: [some EntityID]) {
        append(bigEndian: UInt32(ids.count))
        for id in ids { append(id) }
    }

    mutating func append(_ hash: some HashName) {
        hash.rawValue.withUnsafeBytes { append(contentsOf: $0) }
    }

    /// 0 for no key; else 1 and the 32 bytes.
    mutating func append(_ key: KeyHash?) {
        append(key == nil ? 0 : 1)
        if let key { append(key) }
    }

    /// A byte count in one byte, then the characters.
    mutating func append(_ handle: Handle) {
        append(UInt8(handle.count))
        handle.append(to: &self)
    }

    /// 0 for no handle; else 1 and the handle.
    mutating func append(_ handle: Handle?) {
        append(handle == nil ? 0 : 1)
        if let handle { append(handle) }
    }

    /// A byte count in four bytes, then UTF-8.
    mutating func append(counted text: String) {
        text.withUTF8Bytes { utf8 in
            if isEmpty { reserveCapacity(4 + utf8.count) }
            append(bigEndian: UInt32(utf8.count))
            append(contentsOf: utf8)
        }
    }
}
