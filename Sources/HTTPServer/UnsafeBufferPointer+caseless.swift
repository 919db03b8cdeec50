extension UnsafeBufferPointer<UInt8> {
    /// Whether these bytes are an ASCII word, letters compared without case.
    ///
    /// - Parameter word: in small letters.
    func isEqual(caseless word: StaticString) -> Bool {
        count == word.utf8CodeUnitCount && hasPrefix(caseless: word)
    }

    /// Whether these bytes begin with an ASCII word, letters compared without case.
    ///
    /// - Parameter word: in small letters.
    func hasPrefix(caseless word: StaticString) -> Bool {
        guard count >= word.utf8CodeUnitCount else { return false }
        for index in 0..<word.utf8CodeUnitCount {
            var byte = self[index]
            if byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") { byte |= 0x20 }
            if byte != word.utf8Start[index] { return false }
        }
        return true
    }
}
