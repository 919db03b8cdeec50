internal import HTTPServer

/// `OPTIONS` (RFC 9110, section 9.3.7): which methods a path has, for everybody, without a key. A browser's question
/// before a request of another origin has the same form.
enum Options {
    /// Every method that some path has, for `OPTIONS *`.
    private static let ofServer = "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS"

    /// Whether a request asks about the server as a whole.
    static func isForServer(_ exchange: Exchange) -> Bool {
        exchange.method == .options && exchange.path.count == 1 && exchange.path[0] == UInt8(ascii: "*")
    }

    /// Answers for a path with these methods, or for the whole server.
    static func answer(_ exchange: Exchange, _ service: Service, allowed: String = ofServer) -> BodyPlan {
        func respond(_ exchange: Exchange) {
            var response = Response(status: 204)
            response.add("Allow", string: allowed)
            if !exchange.peer.isLocal {
                service.configuration.allowedOrigins?.permitPreflight(&response, exchange, allowed: allowed)
            }
            response.add("Martlet-Position", number: service.position)
            exchange.respond(response)
        }
        // A body means nothing here, but the request after it should be found.
        if exchange.hasBody { return .discard { respond($0) } }
        respond(exchange)
        return .done
    }
}
