internal import APIDocuments
internal import Application
internal import HTTPServer
internal import Projections

/// What tells machines how the server is doing.
enum Status {
    static let routes = [
        Route(.get, "/healthz", .open { $0.exchange.respond($0.service.json(200, "{\"result\":true}")) }),
        Route(.get, "/readyz", .open(readiness)),
        Route(.get, "/metrics", .open { $0.exchange.respond($0.service.metrics()) }),
    ]

    /// Whether the server can do its work, and what is in the way.
    private static func readiness(_ call: Call) throws(APIError) {
        let (service, martlet) = (call.service, call.service.martlet)
        let stopped = martlet.stopped.map(\.description)
        guard stopped.isEmpty else { throw .unavailable(stopped.joined(separator: "; ")) }
        guard martlet.isCaughtUp else {
            throw .unavailable("the read models are at position \(service.position) of \(martlet.positionAtStart)")
        }
        call.exchange.respond(service.json(200, "{\"result\":true}"))
    }
}

/// The documents that the program carries with it.
enum Documents {
    static let routes = [
        Route(.get, "/openapi.json", .open { send(APIDocuments.description, "application/json", $0) }),
        Route(.get, "/docs", .open { send(APIDocuments.page, "text/html; charset=utf-8", $0) }),
    ]

    private static func send(_ bytes: [UInt8], _ type: StaticString, _ call: Call) {
        var buffer = ResponseBuffer(capacity: bytes.count)
        bytes.withUnsafeBytes { buffer.append($0) }
        var response = Response(status: 200, contentType: type, body: buffer)
        response.add("Cache-Control", "no-cache")
        response.add("Martlet-Position", number: call.service.position)
        call.exchange.respond(response)
    }
}
