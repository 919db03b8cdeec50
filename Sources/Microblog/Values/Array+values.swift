extension [UInt8] {
    mutating func appendBigEndian<Number: FixedWidthInteger>(_ number: Number) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }

    mutating func append(_ id: some EntityID) {
        appendBigEndian(id.rawValue)
    }

    /// No post is 0, which is never an id.
    mutating func append(_ post: PostID?) {
        appendBigEndian(post?.rawValue ?? 0)
    }

    mutating func append(_ hash: some HashName) {
        hash.rawValue.withUnsafeBytes { append(contentsOf: $0) }
    }

    /// A byte count in four bytes, then UTF-8.
    mutating func appendCounted(_ text: String) {
        text.withUTF8Bytes { utf8 in
            appendBigEndian(UInt32(utf8.count))
            append(contentsOf: utf8)
        }
    }

    /// A byte count in one byte, then the characters.
    mutating func appendCounted(_ handle: Handle) {
        append(UInt8(handle.count))
        handle.append(to: &self)
    }

    /// A count in four bytes, then eight bytes each.
    mutating func appendCounted(_ media: [MediaID]) {
        appendBigEndian(UInt32(media.count))
        for id in media { append(id) }
    }

    /// 0 for no key; else 1 and the 32 bytes.
    mutating func append(_ key: KeyHash?) {
        append(key == nil ? 0 : 1)
        if let key { append(key) }
    }

    mutating func appendDecimal(_ number: UInt64) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = number
            var start = digits.count
            repeat {
                start -= 1
                digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            append(contentsOf: digits[start...])
        }
    }

    mutating func append(text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
}

extension String {
    /// Lends the UTF-8, without a copy: strings are UTF-8 inside.
    func withUTF8Bytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        var text = self
        return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }
}
