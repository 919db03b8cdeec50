internal import CJansson

/// A JSON object (RFC 8259) that was read from a text, or that is made to be written.
///
/// It owns Jansson's tree. Reading is strict: see ``JSONError/Kind`` for what is refused although it is JSON. Reading
/// takes time in proportion to the text. It may take a hundred times as much memory as the text, if the text is nothing
/// but brackets. So the caller must limit the text, or what it may hold.
public struct JSONObject: ~Copyable {
    let json: UnsafeMutablePointer<json_t>

    /// Takes a reference to a value that is an object.
    init(owning json: UnsafeMutablePointer<json_t>) { self.json = json }

    /// Makes an object without members.
    public init() {
        guard let json = json_object() else { preconditionFailure("no memory for a JSON object") }
        self.json = json
    }

    /// Reads an object. The text may hold only the object, white space and a byte order mark.
    ///
    /// - Parameter bounds: what it may hold; `nil` for text from somebody who is trusted.
    /// - Throws: ``JSONError``.
    public init(parsing text: UnsafeRawBufferPointer, within bounds: JSONBounds? = nil) throws(JSONError) {
        guard !text.isEmpty else { throw JSONError(.malformed, "an empty text", offset: 0) }
        // Jansson 2.14 takes a NUL for the end of a number or word, although JSON must not hold a NUL.
        if let offset = text.firstIndex(of: 0) { throw JSONError(.malformed, "a NUL", offset: offset) }
        // A byte order mark is not a part of the text (RFC 8259, section 8.1).
        let skipped = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let rest = UnsafeRawBufferPointer(rebasing: text[skipped...])
        try bounds?.check(text, from: skipped)
        var error = json_error_t()
        let flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL
        let start = rest.baseAddress?.assumingMemoryBound(to: CChar.self)
        guard let json = json_loadb(start, rest.count, Int(flags), &error) else {
            throw JSONError(error, skipped: skipped)
        }
        guard json.pointee.type == JSON_OBJECT else {
            json_decref(json)
            throw JSONError(.noObject, "another value than an object", offset: text.count)
        }
        self.json = json
    }

    /// Reads an object from an array of bytes.
    ///
    /// - Parameter bounds: what it may hold; `nil` for text from somebody who is trusted.
    /// - Throws: ``JSONError``.
    public init(parsing text: [UInt8], within bounds: JSONBounds? = nil) throws(JSONError) {
        self = try text.span.withUnsafeBytes { text throws(JSONError) in try JSONObject(parsing: text, within: bounds) }
    }

    deinit {
        json_decref(json)
    }
}

extension JSONObject {
    /// Adds a text. Replaces the member if the name exists.
    public mutating func add(_ name: String, _ text: String) {
        set(name, text.withBytes { json_stringn_nocheck($0.baseAddress, $0.count) })
    }

    /// Adds a whole number, which must fit in 64 bits with a sign.
    public mutating func add(_ name: String, _ number: some BinaryInteger) {
        set(name, json_integer(Int64(number)))
    }

    /// Adds an object.
    public mutating func add(_ name: String, _ object: consuming JSONObject) {
        set(name, json_incref(object.json))
    }

    /// The object as a line of UTF-8, its newline included, with the members in the order in which they were added.
    public var line: [UInt8] {
        let flags = Int(JSON_COMPACT)
        let size = json_dumpb(json, nil, 0, flags)
        return [UInt8](unsafeUninitializedCapacity: size + 1) { line, count in
            count = size + 1
            line[size] = UInt8(ascii: "\n")
            let written = line.withMemoryRebound(to: CChar.self) { json_dumpb(json, $0.baseAddress, size, flags) }
            precondition(written == size, "no memory for JSON text")
        }
    }

    /// Hands a value over to the object.
    private func set(_ name: String, _ value: UnsafeMutablePointer<json_t>?) {
        let code = name.withBytes { json_object_setn_new_nocheck(json, $0.baseAddress, $0.count, value) }
        precondition(code == 0, "no memory for a JSON value")
    }
}

extension String {
    fileprivate func withBytes<Result>(_ body: (UnsafeBufferPointer<CChar>) -> Result) -> Result {
        var text = self
        return text.withUTF8 { $0.withMemoryRebound(to: CChar.self, body) }
    }
}
