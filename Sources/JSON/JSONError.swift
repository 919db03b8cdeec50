internal import CJansson

/// Why a text could not be read as a JSON object.
public struct JSONError: Error, Equatable, CustomStringConvertible {
    /// The kinds of error that a caller may want to tell apart.
    public enum Kind: Sendable {
        /// It is not JSON (RFC 8259). Half of a surrogate pair is not, and neither is a text with more levels of
        /// nesting than 2048, or than ``JSONBounds`` allows.
        case malformed

        /// It is JSON, but a name is given twice in one object or holds U+0000, or a number fits neither 64 bits nor a
        /// `Double`. A reader of such a text would have to guess its meaning, so it is refused anywhere in the text.
        case unsupported

        /// It holds more values than ``JSONBounds`` allows.
        case tooManyValues

        /// It is JSON, but it is not an object.
        case noObject
    }

    /// The kind of error.
    public let kind: Kind

    /// What was found, in words.
    public let reason: String

    /// How many bytes of the text had been read when it was found.
    public let offset: Int

    /// A phrase that goes on from "it is".
    public var description: String {
        switch kind {
        case .malformed: "no JSON: \(reason) at byte \(offset)"
        case .tooManyValues: "too large: \(reason) by byte \(offset)"
        case .unsupported: "JSON that cannot be taken: \(reason) at byte \(offset)"
        case .noObject: "no JSON object"
        }
    }

    init(_ kind: Kind, _ reason: String, offset: Int) {
        self.kind = kind
        self.reason = reason
        self.offset = offset
    }

    /// - Parameter skipped: how many bytes of the text stand before what Jansson was given.
    init(_ error: json_error_t, skipped: Int) {
        var error = error
        let reason = withUnsafeBytes(of: &error.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        switch json_error_code(&error) {
        case json_error_duplicate_key, json_error_numeric_overflow, json_error_null_byte_in_key:
            self.init(.unsupported, reason, offset: skipped + Int(error.position))
        default: self.init(.malformed, reason, offset: skipped + Int(error.position))
        }
    }
}

/// What is wrong with a member of an object.
public struct JSONFieldError: Error, Equatable, CustomStringConvertible {
    /// The kind of problem.
    public enum Problem: Equatable, Sendable {
        /// It is missing.
        case missing

        /// It is a value of another kind.
        case wrongType(expected: String)

        /// It is a whole number outside the allowed range.
        case outOfRange(Int64, allowed: ClosedRange<Int64>)
    }

    /// Its name.
    public let field: String

    /// What is wrong.
    public let problem: Problem

    /// A sentence without its full stop.
    public var description: String {
        switch problem {
        case .missing: "the field \"\(field)\" is missing"
        case .wrongType(let expected): "the field \"\(field)\" must be \(expected)"
        case .outOfRange(let number, let allowed):
            "the field \"\(field)\" has \(number), allowed are \(allowed.lowerBound) to \(allowed.upperBound)"
        }
    }

    init(_ field: StaticString, _ problem: Problem) {
        self.field = "\(field)"
        self.problem = problem
    }
}
