internal import Glibc
internal import HTTPServer

/// The directory of a front end. Only regular files inside it are served. A path with a part that begins with a dot is
/// not.
final class WebRoot: Sendable {
    private let root: String

    init(_ root: String) {
        self.root =
            realpath(root, nil).map { path in
                defer { free(path) }
                return String(cString: path)
            } ?? root
    }

    /// A file of the front end, open.
    struct File {
        /// Where it lies, all links followed.
        let path: String
        let descriptor: Int32
        let status: stat

        /// An entity tag, made of what changes when the file does.
        var tag: String { "\"\(status.st_size)-\(status.st_mtim.tv_sec)-\(status.st_mtim.tv_nsec)\"" }
    }

    /// The file for a path: `/`, `/login` and `/profile/{id}` are the page itself, everything else is a file's name.
    func file(for path: String) -> File? {
        let isPage = path == "/" || path == "/login" || Self.isProfile(path)
        let name = isPage ? "/index.html" : path
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard !parts.contains(where: { $0.isEmpty || $0.hasPrefix(".") || $0.contains("\0") }) else { return nil }
        return open(root + name)
    }

    /// The same file compressed with gzip: `app.js.gz` beside `app.js`, if it is not the older one.
    func compressed(_ file: File) -> File? {
        guard let compressed = open(file.path + ".gz") else { return nil }
        let (one, other) = (compressed.status.st_mtim, file.status.st_mtim)
        if (one.tv_sec, one.tv_nsec) >= (other.tv_sec, other.tv_nsec) { return compressed }
        close(compressed.descriptor)
        return nil
    }

    private func open(_ path: String) -> File? {
        // Links may lead to files inside the root, but not out of it.
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        let resolved = String(cString: real)
        guard resolved.hasPrefix(root + "/") else { return nil }
        let descriptor = Glibc.open(resolved, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        return File(path: resolved, descriptor: descriptor, status: status)
    }

    private static func isProfile(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 3 && parts[1] == "profile" && !parts[2].isEmpty
    }

    /// The type of a file, by the end of its name.
    static func contentType(of path: String) -> StaticString {
        switch path.split(separator: ".").last?.lowercased() {
        case "html", "htm": "text/html; charset=utf-8"
        case "js", "mjs": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "json", "map": "application/json"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "jpg", "jpeg": "image/jpeg"
        case "gif": "image/gif"
        case "webp": "image/webp"
        case "ico": "image/x-icon"
        case "woff": "font/woff"
        case "woff2": "font/woff2"
        case "ttf": "font/ttf"
        case "txt": "text/plain; charset=utf-8"
        case "webmanifest": "application/manifest+json"
        default: "application/octet-stream"
        }
    }
}

extension WebRoot {
    /// Every path that does not belong to the API.
    static let routes = [Route(.get, "/", .open(answer))]

    /// Whether a path that belongs to no row leads to a page or file.
    static func hasPage(_ path: UnsafeBufferPointer<UInt8>, _ root: WebRoot?) -> Bool {
        guard let root else { return path.count == 1 && path[0] == UInt8(ascii: "/") }
        guard let file = root.file(for: String(decoding: path, as: UTF8.self)) else { return false }
        close(file.descriptor)
        return true
    }

    /// Serves the front end's files; without one, the root leads to the documentation.
    private static func answer(_ call: Call) throws(APIError) {
        let (exchange, service) = (call.exchange, call.service)
        guard let root = service.webRoot else {
            guard exchange.path.count == 1 else { throw call.handler.nothing(at: exchange) }
            var response = Response(status: 302)
            response.add("Location", "/docs")
            response.add("Martlet-Position", number: service.position)
            return exchange.respond(response)
        }
        guard let file = root.file(for: exchange.pathText) else { throw call.handler.nothing(at: exchange) }
        // The name says the type, also where the compressed file is sent.
        let type = contentType(of: file.path)
        let source = FileAnswer.Source.frontEnd(policy: service.configuration.pagePolicy ?? ContentPolicy.frontEnd)
        var description = FileAnswer.Description(tag: file.tag, contentType: type, source: source)
        var sent = file
        if let compressed = root.compressed(file) {
            let isWanted = AcceptedCodings(exchange.header("Accept-Encoding")).best == .gzip
            // A range counts bytes of the file that the client has seen, so both have tags of their own.
            if isWanted { sent = compressed }
            close(isWanted ? file.descriptor : compressed.descriptor)
            description = FileAnswer.Description(
                tag: isWanted ? "\"gzip-\(compressed.tag.dropFirst())" : file.tag, contentType: type, source: source,
                isCompressed: isWanted, varies: true)
        }
        exchange.respond(
            FileAnswer(descriptor: sent.descriptor, size: UInt64(sent.status.st_size), description)
                .response(exchange, service))
    }
}
