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
        for index in 0..<word.utf8CodeUnitCount where Self.lower(self[index]) != word.utf8Start[index] { return false }
        return true
    }

    /// Whether these bytes and others are one ASCII word, letters compared without case.
    func isEqual(caseless other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where Self.lower(self[index]) != Self.lower(other[index]) { return false }
        return true
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}
