/// Steps over JSON (RFC 8259) value by value, and says where it is none.
///
/// Why not Foundation's decoder: it lets a comma before a closing bracket pass, and tells text that is no JSON (400) and
/// a value of the wrong type (422) apart only for some values.
struct JSONScanner {
    /// The text is no JSON.
    struct Malformed: Error {
        let offset: Int
        let reason: StaticString
    }

    /// Deeper values are refused: each level takes a part of the thread's stack.
    static let depthLimit = 100

    private let bytes: [UInt8]
    /// What comes next.
    private(set) var index: Int

    init(_ bytes: [UInt8], at index: Int = 0) {
        self.bytes = bytes
        self.index = index
    }

    /// The next byte that is no white space; `nil` at the end.
    mutating func next() -> UInt8? {
        while index < bytes.count {
            let byte = bytes[index]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            index += 1
        }
        return nil
    }

    /// Steps over one value.
    ///
    /// - Returns: where it stands.
    mutating func value(depth: Int = 0) throws(Malformed) -> Range<Int> {
        let first = next()
        let start = index
        switch first {
        case UInt8(ascii: "{"): try members(depth: depth) { _, _ in }
        case UInt8(ascii: "["): try elements(depth: depth) { _ in }
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try number()
        }
        return start..<index
    }

    /// Steps over an object, whose brace comes next.
    mutating func members(
        depth: Int = 0, _ body: (_ name: Range<Int>, _ value: Range<Int>) -> Void
    ) throws(Malformed) {
        try enter(depth)
        if take("}") { return }
        repeat {
            guard next() == UInt8(ascii: "\"") else { throw malformed("a name in quotes is expected") }
            let name = index
            try string()
            let nameEnd = index
            guard take(":") else { throw malformed("a colon is expected") }
            body(name..<nameEnd, try value(depth: depth + 1))
        } while take(",")
        guard take("}") else { throw malformed("a comma or a closing brace is expected") }
    }

    /// Steps over an array, whose bracket comes next.
    mutating func elements(depth: Int = 0, _ body: (_ value: Range<Int>) -> Void) throws(Malformed) {
        try enter(depth)
        if take("]") { return }
        repeat { body(try value(depth: depth + 1)) } while take(",")
        guard take("]") else { throw malformed("a comma or a closing bracket is expected") }
    }

    private mutating func enter(_ depth: Int) throws(Malformed) {
        guard depth < Self.depthLimit else { throw malformed("it is nested too deeply") }
        index += 1
    }

    private mutating func string() throws(Malformed) {
        index += 1
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return
            case UInt8(ascii: "\\"): try escape()
            case 0..<0x20: throw malformed("a control character in a string is not escaped")
            default: index += 1
            }
        }
        throw malformed("a string does not end")
    }

    private mutating func escape() throws(Malformed) {
        index += 1
        guard let byte = peek else { throw malformed("a string does not end") }
        index += 1
        if byte == UInt8(ascii: "u") {
            for _ in 0..<4 {
                guard let digit = peek, Character(Unicode.Scalar(digit)).isHexDigit else {
                    throw malformed("after \\u four hexadecimal digits are expected")
                }
                index += 1
            }
        } else if !"\"\\/bfnrt".utf8.contains(byte) {
            throw malformed("there is no such escape")
        }
    }

    private mutating func number() throws(Malformed) {
        if peek == UInt8(ascii: "-") { index += 1 }
        if peek == UInt8(ascii: "0") { index += 1 } else { try digits("a value is expected") }
        if peek == UInt8(ascii: ".") {
            index += 1
            try digits("after the point a digit is expected")
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            index += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { index += 1 }
            try digits("in the exponent a digit is expected")
        }
    }

    private mutating func digits(_ expectation: StaticString) throws(Malformed) {
        let start = index
        while let byte = peek, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { index += 1 }
        guard index > start else { throw malformed(expectation) }
    }

    private mutating func word(_ word: StaticString) throws(Malformed) {
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes[index...].starts(with: expected) else { throw malformed("a value is expected") }
        index += expected.count
    }

    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard next() == UInt8(ascii: mark) else { return false }
        index += 1
        return true
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private func malformed(_ reason: StaticString) -> Malformed { Malformed(offset: index, reason: reason) }
}
