internal import APIDocuments

extension Service {
    /// The documents that the program carries with it.
    enum Document {
        /// The OpenAPI description of the API.
        case description
        /// A page that shows it.
        case documentation
    }

    func document(_ document: Document) -> Response {
        let (bytes, type): ([UInt8], StaticString) =
            switch document {
            case .description: (APIDocuments.description, "application/json")
            case .documentation: (APIDocuments.page, "text/html; charset=utf-8")
            }
        var buffer = ResponseBuffer(capacity: bytes.count)
        bytes.withUnsafeBytes { buffer.append($0) }
        var response = Response(status: 200, contentType: type, body: buffer)
        response.add("Cache-Control", "no-cache")
        response.add("Martlet-Position", number: position)
        return response
    }
}
