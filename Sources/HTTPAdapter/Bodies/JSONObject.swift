/// The JSON object that a body is, with its members still as they were sent.
struct JSONObject {
    private let bytes: [UInt8]
    private var members: [String: Range<Int>] = [:]
    private var isRepeated: Set<String> = []

    /// Checks a body.
    ///
    /// - Throws: 400 for what is no JSON, 422 for another value than an object.
    init(_ body: [UInt8]) throws(APIError) {
        bytes = body
        guard String(validating: body, as: UTF8.self) != nil else {
            throw .badRequest("the body is no JSON: it is not UTF-8")
        }
        var names: [(name: Range<Int>, value: Range<Int>)] = []
        // A byte order mark is no part of the text (RFC 8259, section 8.1).
        var scanner = JSONScanner(body, at: body.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        let isObject = scanner.next() == UInt8(ascii: "{")
        do throws(JSONScanner.Malformed) {
            if isObject { try scanner.members { names.append(($0, $1)) } } else { _ = try scanner.value() }
            guard scanner.next() == nil else {
                throw JSONScanner.Malformed(offset: scanner.index, reason: "something stands after the value")
            }
        } catch {
            throw .badRequest("the body is no JSON: \(error.reason) at byte \(error.offset)")
        }
        guard isObject else { throw .unprocessable("the body must be a JSON object") }
        for (name, value) in names {
            // A name that is no text is none that anybody asks for.
            guard let name = JSONString(bytes[name]).text else { continue }
            if members.updateValue(value, forKey: name) != nil { isRepeated.insert(name) }
        }
    }

    /// A text; `nil` if it is absent or null.
    ///
    /// - Throws: 422 if it is something else.
    func string(_ name: String) throws(APIError) -> String? {
        guard let value = try value(name) else { return nil }
        guard value.first == UInt8(ascii: "\"") else { throw .unprocessable("the field \(name) must be a string") }
        guard let text = JSONString(value).text else {
            throw .unprocessable("the field \(name) has half of a surrogate pair")
        }
        return text
    }

    /// A text that has to be there.
    ///
    /// - Throws: 422 if it is absent or something else.
    func requiredString(_ name: String) throws(APIError) -> String {
        if let text = try string(name) { return text }
        throw .unprocessable("the field \(name) \(members[name] == nil ? "is missing" : "must be a string")")
    }

    /// An id; `nil` if it is absent or null.
    ///
    /// - Throws: 422 if it is something else.
    func id(_ name: String) throws(APIError) -> UInt64? {
        guard let value = try value(name) else { return nil }
        return try Self.id(value, name)
    }

    /// Ids; none if they are absent or null.
    ///
    /// - Throws: 422 if it is something else.
    func ids(_ name: String) throws(APIError) -> [UInt64] {
        guard let value = try value(name) else { return [] }
        guard value.first == UInt8(ascii: "[") else { throw .unprocessable("the field \(name) must be a list of ids") }
        var elements: [Range<Int>] = []
        var scanner = JSONScanner(bytes, at: value.startIndex)
        // The whole body was checked before, so this cannot fail.
        try? scanner.elements { elements.append($0) }
        var ids: [UInt64] = []
        for element in elements { ids.append(try Self.id(bytes[element], name)) }
        return ids
    }

    /// - Throws: 422 if the name stands there twice: whoever looks at the first value and whoever looks at the last
    ///   would disagree.
    private func value(_ name: String) throws(APIError) -> ArraySlice<UInt8>? {
        guard !isRepeated.contains(name) else { throw .unprocessable("the field \(name) is given twice") }
        guard let range = members[name] else { return nil }
        return bytes[range].first == UInt8(ascii: "n") ? nil : bytes[range]
    }

    private static func id(_ value: ArraySlice<UInt8>, _ name: String) throws(APIError) -> UInt64 {
        let text = String(decoding: value, as: UTF8.self)
        // 7.0 and 7e0 are the same number to JSON as 7; beyond the highest id it is not exact.
        guard let id = UInt64(text) ?? Double(text).flatMap({ UInt64(exactly: $0) }),
            1...UInt64(PathSegments.highestID) ~= id
        else {
            throw .unprocessable("the field \(name) has \(text.prefix(64)), which is no id")
        }
        return id
    }
}
