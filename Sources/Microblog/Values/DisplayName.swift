/// The name that people see: any characters, at most 100, not only white space.
public struct DisplayName: Hashable, Sendable, CustomStringConvertible {
    /// The most Unicode scalars that a name has.
    public static let maximumLength = 100

    /// The name, without white space at its ends.
    public let text: String

    /// Checks what a person wrote and takes white space off its ends.
    ///
    /// - Throws: `nameBlank` if nothing is left, `nameTooLong` if more than 100 Unicode scalars are.
    public init(_ text: String) throws(Rejection) {
        let trimmed = text.trimmingWhitespace()
        guard !trimmed.isEmpty else { throw .nameBlank }
        let length = trimmed.count
        guard length <= DisplayName.maximumLength else {
            throw .nameTooLong(length: length, limit: DisplayName.maximumLength)
        }
        self.text = String(trimmed)
    }

    /// Takes a name from an event as it is. A name that was allowed when it was written stays readable.
    init(stored text: String) {
        self.text = text
    }

    /// The name.
    public var description: String {
        text
    }
}

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
