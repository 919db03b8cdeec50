import Glibc

/// Finds the end of a request's head as it comes in, line by line.
///
/// It refuses at once what could make two readers see different lines (RFC 9112, sections 2.2 and 5.2): a line feed
/// without a carriage return, and a line that goes on from the one before. Each byte is looked at once, however the head
/// was cut.
struct HeadScanner {
    /// Where the line that comes in begins, and how far it was looked at.
    private var line = 0
    private var place = 0

    /// Looks at the bytes of a head, those of earlier calls among them.
    ///
    /// - Returns: how many bytes the head has, with its empty line; `nil` as long as it is not whole.
    mutating func end(of bytes: UnsafeRawBufferPointer, limits: HeadLimits) throws(RequestFault) -> Int? {
        guard let start = bytes.baseAddress else { return nil }
        while place < bytes.count, let found = memchr(start + place, 10, bytes.count - place) {
            let feed = found - UnsafeMutableRawPointer(mutating: start)
            guard feed > line, bytes[feed - 1] == 13 else { throw .lineEnding }
            try check(feed + 1, isFirst: line == 0, limits)
            if line > 0, bytes[line] == 32 || bytes[line] == 9 { throw .foldedLine }
            if feed == line + 1 { return feed + 1 }
            line = feed + 1
            place = line
        }
        place = bytes.count
        try check(place, isFirst: line == 0, limits)
        return nil
    }

    private func check(_ count: Int, isFirst: Bool, _ limits: HeadLimits) throws(RequestFault) {
        if isFirst, count > limits.line { throw .targetTooLong }
        if count > limits.head { throw .headTooLong }
    }
}

/// How long a head may be, in bytes.
public struct HeadLimits: Sendable {
    /// The request line. A longer one is 414.
    public var line = 8 << 10
    /// All of the head. A longer one is 431.
    public var head = 16 << 10

    /// The defaults.
    public init() {}
}
