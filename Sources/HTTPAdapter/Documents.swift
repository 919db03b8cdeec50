internal import APIDocuments
internal import Bytes
internal import Compression
internal import HTTPServer
internal import Hashing

/// The documents that are built into the program.
enum Documents {
    static let routes = [
        Route(.get, "/openapi.json", .open { call throws(APIError) in try description.answer(call) }),
        Route(.get, "/docs", .open { call throws(APIError) in try page.answer(call) }),
    ]

    private static let description = Document(APIDocuments.description, "application/json")
    private static let page = Document(
        APIDocuments.page, "text/html; charset=utf-8", policy: ContentPolicy.ofPage(APIDocuments.page))

    /// Compresses and hashes them, so that no request waits for that.
    static func prepare() { _ = (description, page) }
}

/// A text that never changes while the program runs: as it is and compressed, each with its entity tag.
private struct Document: Sendable {
    private struct Form: Sendable {
        let bytes: [UInt8]
        let tag: String
    }

    private let plain: Form
    /// `nil` when it could not be compressed.
    private let compressed: Form?
    private let contentType: StaticString
    private let policy: String?

    /// - Parameter policy: the content security policy of a page; `nil` for what is no page.
    init(_ bytes: [UInt8], _ contentType: StaticString, policy: String? = nil) {
        let name = Hexadecimal.text(Blake2b.hash(bytes, size: 16))
        plain = Form(bytes: bytes, tag: "\"\(name)\"")
        compressed = Gzip.compress(bytes).map { Form(bytes: $0, tag: "\"\(name)-gzip\"") }
        self.contentType = contentType
        self.policy = policy
    }

    /// Answers in the form that the client likes best, or says that it has that one.
    ///
    /// - Throws: 406 to who takes no form.
    func answer(_ call: Call) throws(APIError) {
        let exchange = call.exchange
        guard let best = AcceptedCodings(exchange.header("Accept-Encoding")).best else {
            throw APIError(
                406, "not_acceptable", "this document is sent as it is or with gzip; Accept-Encoding excludes both")
        }
        let coded = best == .gzip ? compressed : nil
        let form = coded ?? plain
        var response: Response
        if let tags = exchange.header("If-None-Match"), EntityTags.matches(tags, form.tag) {
            response = Response(status: 304)
        } else {
            var buffer = ResponseBuffer(capacity: form.bytes.count)
            form.bytes.withUnsafeBytes { buffer.append($0) }
            response = Response(status: 200, contentType: contentType, body: buffer)
            response.add("X-Content-Type-Options", "nosniff")
            if coded != nil { response.add("Content-Encoding", "gzip") }
            if let policy { ContentPolicy.describePage(&response, policy: policy) }
        }
        response.add("ETag", string: form.tag)
        response.add("Vary", "Accept-Encoding")
        response.add("Cache-Control", "no-cache")
        response.add("Martlet-Position", number: call.service.position)
        exchange.respond(response)
    }
}
