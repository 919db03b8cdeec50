/// How much a JSON text may hold. This is looked for before Jansson builds its values: each takes some hundred bytes, so
/// a megabyte of `{}` became 120 of values.
public struct JSONBounds: Sendable {
    /// The most values: objects, lists, strings, numbers and words, at all depths. Names of members do not count.
    public let values: Int
    /// The most objects and lists within each other.
    public let depth: Int

    /// Sets both.
    public init(values: Int, depth: Int) {
        self.values = values
        self.depth = depth
    }

    /// Goes through a text once, over its strings as if they were one byte, and stops where it is out of bounds. Whether
    /// it is JSON is not looked at; in a text that is, the count is exact.
    ///
    /// - Parameter start: where the text begins, after a byte order mark.
    /// - Throws: ``JSONError``: of the kind `tooManyValues`, or `malformed` for nesting, as Jansson has it.
    func check(_ text: UnsafeRawBufferPointer, from start: Int = 0) throws(JSONError) {
        var (count, depth, index) = (0, 0, start)
        // Whether a number or a word, of several bytes, is under way.
        var isWithinWord = false
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                count += 1
                depth += 1
                isWithinWord = false
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                isWithinWord = false
            case UInt8(ascii: ":"):
                // The string before it was a name.
                count -= 1
                isWithinWord = false
            case UInt8(ascii: "\""):
                count += 1
                isWithinWord = false
                index = Self.end(of: text, from: index + 1)
            case UInt8(ascii: ","), 0x20, 0x09, 0x0A, 0x0D: isWithinWord = false
            default:
                if !isWithinWord { count += 1 }
                isWithinWord = true
            }
            // A name counts until its colon comes. As its value counts from then on, this is never one too many.
            if count > values { throw JSONError(.tooManyValues, "more than \(values) values", offset: index) }
            if depth > self.depth {
                throw JSONError(.malformed, "more than \(self.depth) levels of nesting", offset: index)
            }
            index += 1
        }
    }

    /// The place of the quote that ends a string, or the end of a text that breaks off.
    private static func end(of text: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index < text.count, text[index] != UInt8(ascii: "\"") {
            index += text[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index, text.count - 1)
    }
}
