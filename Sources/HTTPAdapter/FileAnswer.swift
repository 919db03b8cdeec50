internal import Bytes
internal import HTTPServer

/// An open file as an answer: conditional requests and ranges (RFC 9110, sections 13 and 14).
struct FileAnswer: ~Copyable {
    /// Who has put the file there. So it is known how long clients may keep it, and what it may do in a browser.
    enum Source {
        /// Somebody has uploaded it. It never changes.
        case upload
        /// The operator, as a part of the front end. It may change, and its pages have this content security policy.
        case frontEnd(policy: String)
    }

    /// What the header of the answer says about the file.
    struct Description {
        let tag: String
        let contentType: StaticString
        let source: Source
        /// Whether the file is compressed with gzip.
        var isCompressed = false
        /// Whether clients that accept other content codings get another file.
        var varies = false
    }

    private var file: ResponseFile
    private let size: UInt64
    private let description: Description

    /// Takes over an open descriptor.
    init(descriptor: Int32, size: UInt64, _ description: Description) {
        file = ResponseFile(descriptor: descriptor, length: size)
        self.size = size
        self.description = description
    }

    consuming func response(_ exchange: Exchange, _ service: Service) -> Response {
        let (size, description) = (size, description)
        if let tags = exchange.header("If-None-Match"), EntityTags.matches(tags, description.tag) {
            var response = Response(status: 304)
            description.add(to: &response, service)
            return response
        }
        do throws(APIError) {
            file.hold(try service.filePlace())
        } catch {
            return service.error(error)
        }
        switch Self.range(exchange, description.tag, size) {
        case .whole:
            var response = Response(status: 200, contentType: description.contentType, file: file)
            description.add(to: &response, service)
            return response
        case .part(let range):
            file.narrow(to: range)
            var response = Response(status: 206, contentType: description.contentType, file: file)
            description.add(to: &response, service)
            response.add("Content-Range", string: "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)")
            return response
        case .outside:
            var response = service.error(
                APIError(416, "range_not_satisfiable", "the file has \(size) bytes; the range lies outside"))
            response.add("Content-Range", string: "bytes */\(size)")
            return response
        }
    }

    private static func range(_ exchange: Exchange, _ tag: String, _ size: UInt64) -> ByteRange {
        guard exchange.method == .get, let text = exchange.header("Range") else { return .whole }
        if let condition = exchange.header("If-Range"), condition != tag { return .whole }
        return ByteRange(text, size: size)
    }
}

extension FileAnswer.Description {
    fileprivate func add(to response: inout Response, _ service: Service) {
        response.add("ETag", string: tag)
        switch source {
        case .upload:
            response.add("Cache-Control", "public, max-age=31536000, immutable")
            response.add("Content-Security-Policy", ContentPolicy.media)
        case .frontEnd(let policy):
            response.add("Cache-Control", "no-cache")
            if "\(contentType)".hasPrefix("text/html") { ContentPolicy.describePage(&response, policy: policy) }
        }
        if isCompressed { response.add("Content-Encoding", "gzip") }
        if varies { response.add("Vary", "Accept-Encoding") }
        response.add("Accept-Ranges", "bytes")
        response.add("X-Content-Type-Options", "nosniff")
        response.add("Martlet-Position", number: service.position)
    }
}

/// What a `Range` header asks of a file (RFC 9110, section 14.1.2).
enum ByteRange: Equatable {
    /// The whole file. This is also the answer to a header that cannot be read, and to several ranges, as the RFC
    /// allows.
    case whole
    /// These bytes.
    case part(Range<UInt64>)
    /// Bytes that the file does not have.
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
        guard !digits.isEmpty, digits.utf8.allSatisfy({ Decimal.value($0) != nil }) else { return nil }
        // A number that is larger than any file means "to the end".
        return Decimal.number(digits.utf8).map { min($0, .max - 1) } ?? .max - 1
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
