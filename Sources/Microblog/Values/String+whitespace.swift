extension String {
    /// Whether there is nothing but white space (the Unicode property `White_Space`).
    var isBlank: Bool {
        unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }

    func trimmingWhitespace() -> Substring.UnicodeScalarView {
        var rest = self[...].unicodeScalars
        while let first = rest.first, first.properties.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.properties.isWhitespace { rest.removeLast() }
        return rest
    }
}
