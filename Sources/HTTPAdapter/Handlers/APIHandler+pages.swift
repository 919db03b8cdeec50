internal import Glibc

extension APIHandler {
    /// Serves the front end's files; without one, the root leads to the documentation.
    func answerPage(_ exchange: Exchange) throws(APIError) {
        guard let root = service.webRoot else {
            guard exchange.path.count == 1 else { throw .notFound("there is nothing at this path") }
            var response = Response(status: 302)
            response.add("Location", "/docs")
            response.add("Martlet-Position", number: service.position)
            return exchange.respond(response)
        }
        guard let file = root.file(for: exchange.pathText) else { throw .notFound("there is nothing at this path") }
        let changed = file.status.st_mtim
        let tag = "\"\(file.status.st_size)-\(changed.tv_sec)-\(changed.tv_nsec)\""
        exchange.respond(
            FileAnswer(
                descriptor: file.descriptor, size: UInt64(file.status.st_size), tag: tag,
                contentType: WebRoot.contentType(of: file.path), caching: .revalidate
            ).response(exchange, service))
    }
}
