import Glibc

/// The target of a request, taken apart (RFC 9112, section 3.2).
struct RequestTarget: Equatable {
    /// Places in the target's bytes.
    private(set) var path: Range<Int>
    private(set) var query: Range<Int>

    /// Takes a target apart, and decodes its path where it stands.
    ///
    /// An encoded slash stays encoded: it is no border between two parts of a path.
    ///
    /// - Throws: ``RequestFault`` for what is neither a path, nor an http address with one, nor `*` of `OPTIONS`.
    init(_ bytes: UnsafeMutableBufferPointer<UInt8>, method: RequestMethod) throws(RequestFault) {
        if bytes.count == 1, bytes[0] == UInt8(ascii: "*"), method == .options {
            (path, query) = (0..<1, 1..<1)
            return
        }
        let start = try Self.pathStart(bytes)
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "?")) ?? bytes.count
        // A fragment never belongs into a target. Readers disagree where it begins.
        if bytes.contains(UInt8(ascii: "#")) { throw .malformedTarget }
        query = min(end + 1, bytes.count)..<bytes.count
        path = start..<end
        if start == bytes.count || end == start {
            // `http://host` and `http://host?query` name the root, for which no byte stands here: the last slash of
            // the scheme does.
            let slash = bytes.firstIndex(of: UInt8(ascii: "/")) ?? 0
            path = slash..<slash + 1
        }
        try decodePath(bytes)
        if Self.hasEncodedZero(bytes[query]) { throw .zeroByteInTarget }
    }

    /// Where the path begins: behind scheme and authority, if there are any (absolute form).
    private static func pathStart(_ bytes: UnsafeMutableBufferPointer<UInt8>) throws(RequestFault) -> Int {
        if bytes.first == UInt8(ascii: "/") { return 0 }
        let whole = UnsafeBufferPointer(bytes)
        for scheme: StaticString in ["http://", "https://"] where whole.hasPrefix(caseless: scheme) {
            let start = scheme.utf8CodeUnitCount
            let end = whole[start...].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? whole.count
            let authority = UnsafeBufferPointer(rebasing: whole[start..<end])
            // An address of http has a host (RFC 9110, section 4.2.1); a Host line may be empty.
            guard let first = authority.first, first != UInt8(ascii: ":"), Host.isValid(authority) else {
                throw .malformedTarget
            }
            return end
        }
        throw .malformedTarget
    }

    private mutating func decodePath(_ bytes: UnsafeMutableBufferPointer<UInt8>) throws(RequestFault) {
        guard memchr(bytes.baseAddress! + path.lowerBound, Int32(UInt8(ascii: "%")), path.count) != nil else { return }
        var (source, target) = (path.lowerBound, path.lowerBound)
        while source < path.upperBound {
            var byte = bytes[source]
            var count = 1
            if byte == UInt8(ascii: "%") {
                let whole = UnsafeBufferPointer(rebasing: bytes[..<path.upperBound])
                guard let decoded = PercentEncoding.byte(at: source, in: whole) else { throw .malformedEscape }
                if decoded == 0 { throw .zeroByteInTarget }
                if decoded != UInt8(ascii: "/") { (byte, count) = (decoded, 3) }
            }
            bytes[target] = byte
            source += count
            target += 1
        }
        path = path.lowerBound..<target
    }

    private static func hasEncodedZero(_ query: Slice<UnsafeMutableBufferPointer<UInt8>>) -> Bool {
        var place = query.startIndex
        while let sign = query[place...].firstIndex(of: UInt8(ascii: "%")) {
            if query[sign...].starts(with: "%00".utf8) { return true }
            place = sign + 1
        }
        return false
    }
}

/// The value of a `Host` line, or the authority of a target: a host and an optional port (RFC 3986, section 3.2).
enum Host {
    /// Whether it has this form. An empty host is one, for requests whose address has no authority.
    static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var rest = bytes[...]
        if rest.first == UInt8(ascii: "[") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
            guard rest[1..<end].allSatisfy(isOfAddress), end > 1 else { return false }
            rest = rest[(end + 1)...]
        } else {
            rest = rest.drop(while: isOfName)
        }
        guard let colon = rest.first else { return true }
        return colon == UInt8(ascii: ":") && rest.dropFirst().allSatisfy { 48...57 ~= $0 }
    }

    private static func isOfAddress(_ byte: UInt8) -> Bool {
        PercentEncoding.digit(byte) != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }

    /// Unreserved characters, sub-delimiters and percent signs (reg-name).
    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "%"): true
        case UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("): true
        case UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ";"), UInt8(ascii: "="): true
        default: false
        }
    }
}
