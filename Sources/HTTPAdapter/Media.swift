internal import Application
internal import Microblog
internal import Projections

extension APIHandler {
    /// Serves an uploaded file, as long as an upload that holds it is not gone.
    func answerMedia(_ exchange: Exchange) throws(APIError) {
        let name = exchange.pathText.dropFirst("/media/".count)
        guard let path = MediaPath(name: name) else { throw .notFound("there is no such file") }
        let found = try read { try $0.content(path.content) }
        guard let content = found, content.type.fileExtension == path.fileExtension else {
            throw .notFound("there is no such file")
        }
        let file: (descriptor: Int32, size: UInt64)?
        do throws(MediaStoreError) {
            file = try service.martlet.media.open(path.content)
        } catch {
            service.configuration.report("\(error)")
            throw .unavailable("the file cannot be read now")
        }
        guard let file else { throw .notFound("there is no such file") }
        let tag = "\"\(path.content.hex)\""
        let type = content.type.contentType
        exchange.respond(
            FileAnswer(descriptor: file.descriptor, size: file.size, tag: tag, contentType: type, caching: .forever)
                .response(exchange, service))
    }
}

extension MediaType {
    /// The value of a `Content-Type` header.
    var contentType: StaticString {
        switch self {
        case .jpeg: "image/jpeg"
        case .png: "image/png"
        case .gif: "image/gif"
        case .webp: "image/webp"
        case .mp4: "video/mp4"
        }
    }
}
