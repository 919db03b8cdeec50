internal import CJansson

extension JSONObject {
    /// A text; `nil` if it is absent or null. It may hold U+0000.
    ///
    /// - Throws: ``JSONFieldError`` if it is something else.
    public func string(_ name: StaticString) throws(JSONFieldError) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = Self.string(value) else { throw JSONFieldError(name, .wrongType(expected: "a string")) }
        return text
    }

    /// A text that must be there.
    ///
    /// - Throws: ``JSONFieldError`` if it is absent, null or something else.
    public func requiredString(_ name: StaticString) throws(JSONFieldError) -> String {
        if let text = try string(name) { return text }
        throw JSONFieldError(name, member(name) == nil ? .missing : .wrongType(expected: "a string"))
    }

    /// A text; `nil` if it is absent. Null is refused: where an absent member leaves something as it is, null could be
    /// meant to remove it.
    ///
    /// - Throws: ``JSONFieldError`` if it is null or something else.
    public func stringUnlessAbsent(_ name: StaticString) throws(JSONFieldError) -> String? {
        member(name) == nil ? nil : try requiredString(name)
    }

    /// Texts; none if they are absent or null.
    ///
    /// - Throws: ``JSONFieldError`` if it is not a list of texts.
    public func strings(_ name: StaticString) throws(JSONFieldError) -> [String] {
        let expected = "a list of strings"
        var texts: [String] = []
        for element in try elements(name, expected) {
            guard let text = Self.string(element) else { throw JSONFieldError(name, .wrongType(expected: expected)) }
            texts.append(text)
        }
        return texts
    }

    /// A whole number; `nil` if it is absent or null. 7.0 and 7e0 are the same number as 7.
    ///
    /// - Throws: ``JSONFieldError`` if it is something else, or outside the range.
    public func integer(
        _ name: StaticString, in range: ClosedRange<Int64>
    ) throws(JSONFieldError) -> Int64? {
        guard let value = value(name) else { return nil }
        return try Self.integer(value, name, range, expected: "a whole number")
    }

    /// Whole numbers; none if they are absent or null.
    ///
    /// - Throws: ``JSONFieldError`` if it is not a list of whole numbers, or one is outside the range.
    public func integers(
        _ name: StaticString, in range: ClosedRange<Int64>
    ) throws(JSONFieldError) -> [Int64] {
        let expected = "a list of whole numbers"
        var numbers: [Int64] = []
        for element in try elements(name, expected) {
            numbers.append(try Self.integer(element, name, range, expected: expected))
        }
        return numbers
    }

    /// A number, whole or not; `nil` if it is absent or null.
    ///
    /// - Throws: ``JSONFieldError`` if it is something else.
    public func number(_ name: StaticString) throws(JSONFieldError) -> Double? {
        guard let value = value(name) else { return nil }
        guard [JSON_INTEGER, JSON_REAL].contains(value.pointee.type) else {
            throw JSONFieldError(name, .wrongType(expected: "a number"))
        }
        return json_number_value(value)
    }

    /// An object; `nil` if it is absent or null.
    ///
    /// - Throws: ``JSONFieldError`` if it is something else.
    public func object(_ name: StaticString) throws(JSONFieldError) -> JSONObject? {
        guard let value = value(name) else { return nil }
        guard value.pointee.type == JSON_OBJECT, let kept = json_incref(value) else {
            throw JSONFieldError(name, .wrongType(expected: "an object"))
        }
        return JSONObject(owning: kept)
    }

    /// A value that Jansson still owns.
    private typealias Lent = UnsafeMutablePointer<json_t>

    private func member(_ name: StaticString) -> Lent? {
        name.withUTF8Buffer { name in
            name.withMemoryRebound(to: CChar.self) { json_object_getn(json, $0.baseAddress, $0.count) }
        }
    }

    /// A member, unless it is null.
    private func value(_ name: StaticString) -> Lent? {
        member(name).flatMap { $0.pointee.type == JSON_NULL ? nil : $0 }
    }

    private func elements(_ name: StaticString, _ expected: String) throws(JSONFieldError) -> [Lent] {
        guard let list = value(name) else { return [] }
        guard list.pointee.type == JSON_ARRAY else { throw JSONFieldError(name, .wrongType(expected: expected)) }
        return (0..<json_array_size(list)).map { json_array_get(list, $0) }
    }

    private static func string(_ value: Lent) -> String? {
        guard let start = json_string_value(value) else { return nil }
        let bytes = UnsafeRawBufferPointer(start: start, count: json_string_length(value))
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func integer(
        _ value: Lent, _ name: StaticString, _ range: ClosedRange<Int64>, expected: String
    ) throws(JSONFieldError) -> Int64 {
        let number: Int64?
        switch value.pointee.type {
        case JSON_INTEGER: number = json_integer_value(value)
        case JSON_REAL: number = Int64(exactly: json_real_value(value))
        default: number = nil
        }
        guard let number else { throw JSONFieldError(name, .wrongType(expected: expected)) }
        guard range.contains(number) else { throw JSONFieldError(name, .outOfRange(number, allowed: range)) }
        return number
    }
}
