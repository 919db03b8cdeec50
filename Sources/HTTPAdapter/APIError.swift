internal import Application
internal import JSON
internal import Microblog

/// An error as an answer.
struct APIError: Error, Sendable {
    var status: Int
    var type: String
    var message: String
    var retryAfter: Int?
    /// The content codings that a body may have, when it had another.
    var acceptedEncoding: StaticString?
    /// The limit that the request met, to be counted with the answer.
    var limit: Limit?

    init(_ status: Int, _ type: String, _ message: String, retryAfter: Int? = nil, limit: Limit? = nil) {
        self.status = status
        self.type = type
        self.message = message
        self.retryAfter = retryAfter
        self.limit = limit
    }

    static func badRequest(_ message: String) -> APIError { APIError(400, "bad_request", message) }

    static func unauthorized(_ message: String) -> APIError { APIError(401, "unauthorized", message) }

    static func unprocessable(_ message: String) -> APIError { APIError(422, "unprocessable", message) }

    static func notFound(_ message: String) -> APIError { APIError(404, "not_found", message) }

    static func unavailable(_ message: String) -> APIError { APIError(503, "unavailable", message, retryAfter: 1) }

    /// Turns the domain's answer into one of HTTP.
    init(_ failure: CommandFailure) {
        switch failure {
        case .rejected(let rejection):
            let status =
                switch rejection.category {
                case .invalid: 422
                case .impossible: 400
                case .forbidden: 403
                case .notFound: 404
                case .conflict: 409
                }
            self.init(status, rejection.code, rejection.message)
        case .idempotencyKeyReused: self.init(422, "idempotency_key_reused", failure.description)
        case .past: self.init(403, "read_only", failure.description)
        case .unavailable(let reason): self = .unavailable("the request cannot be stored now: \(reason)")
        }
    }

    /// Tells in HTTP why a rebuild does not begin.
    init(_ refusal: RebuildRefusal) {
        switch refusal {
        case .underWay: self.init(409, "rebuild_running", "\(refusal)")
        case .notFollowing: self = .unavailable("\(refusal)")
        }
    }
}

extension JSONBounds {
    /// What a body may hold. No call needs more than some hundred values, each of which takes some hundred bytes when it
    /// is read.
    fileprivate static let body = JSONBounds(values: 10_000, depth: 100)
}

extension JSONObject {
    /// Reads the body of a request.
    ///
    /// - Throws: 400 for a body that is not JSON, 422 for JSON that is not the expected object, or holds too much.
    init(body: [UInt8]) throws(APIError) {
        do throws(JSONError) {
            self = try JSONObject(parsing: body, within: .body)
        } catch {
            let message = "the body is \(error)"
            switch error.kind {
            case .malformed: throw .badRequest(message)
            case .tooManyValues: throw APIError(422, "unprocessable", message, limit: .bodyValues)
            case .unsupported, .noObject: throw .unprocessable(message)
            }
        }
    }
}
