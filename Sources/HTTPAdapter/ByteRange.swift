/// What a `Range` header asks of a file (RFC 9110, section 14.1.2).
enum ByteRange: Equatable {
    /// All of it: also for what cannot be read, and for several ranges at once, as the RFC allows.
    case whole
    /// These bytes.
    case part(Range<UInt64>)
    /// Nothing that the file has.
    case outside

    init(_ header: String, size: UInt64) {
        self = .whole
        guard header.lowercased().hasPrefix("bytes=") else { return }
        let ends = header.dropFirst("bytes=".count).trimmed.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else { return }
        switch (Self.number(ends[0]), Self.number(ends[1])) {
        case (.some(let first), .some(let last)):
            guard first <= last else { return }
            self = first < size ? .part(first..<min(last + 1, size)) : .outside
        case (.some(let first), nil) where ends[1].isEmpty:
            self = first < size ? .part(first..<size) : .outside
        case (nil, .some(let count)) where ends[0].isEmpty:
            self = count > 0 && size > 0 ? .part((size - min(count, size))..<size) : .outside
        default: return
        }
    }

    private static func number(_ digits: Substring) -> UInt64? {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
            return nil
        }
        // Longer numbers than any file has bytes mean "to the end".
        return UInt64(digits).map { min($0, .max - 1) } ?? .max - 1
    }
}

extension StringProtocol {
    /// The text without spaces and tabs at its ends.
    var trimmed: Substring {
        var rest = Substring(self)
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return rest
    }
}
