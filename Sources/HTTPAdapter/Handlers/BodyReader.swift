internal import FoundationEssentials
internal import Microblog

/// Reads JSON bodies.
final class BodyReader {
    private let decoder = JSONDecoder()

    private struct NewTweet: Decodable {
        let text: String
        let media: [Int64]?
        let replyTo: Int64?

        enum CodingKeys: String, CodingKey {
            case text = "tweet_data"
            case media = "tweet_media_ids"
            case replyTo = "reply_to"
        }
    }

    /// What a registration says.
    struct NewAccount: Decodable {
        let handle: String
        let name: String
        let key: String?
        let role: String?
    }

    /// Reads a new tweet.
    func tweet(_ body: [UInt8]) throws(APIError) -> Command {
        let tweet = try read(NewTweet.self, body)
        var media: [MediaID] = []
        for id in tweet.media ?? [] { media.append(MediaID(try Self.positive(id, "tweet_media_ids"))) }
        var replyTo: PostID?
        if let id = tweet.replyTo { replyTo = PostID(try Self.positive(id, "reply_to")) }
        return .publishPost(text: tweet.text, replyTo: replyTo, media: media)
    }

    /// Reads a registration.
    func account(_ body: [UInt8]) throws(APIError) -> NewAccount { try read(NewAccount.self, body) }

    /// - Throws: 400 for what is no JSON, 422 that names the field for what is not as it should be.
    private func read<Value: Decodable>(_ type: Value.Type, _ body: [UInt8]) throws(APIError) -> Value {
        do {
            return try decoder.decode(type, from: Data(body))
        } catch {
            // What is wrong with the JSON itself is told apart by reading it without any expectation.
            guard let error = error as? DecodingError, (try? decoder.decode(AnyJSON.self, from: Data(body))) != nil
            else { throw .badRequest("the body is no JSON") }
            throw Self.explain(error)
        }
    }

    private static func explain(_ error: DecodingError) -> APIError {
        func field(_ path: [any CodingKey]) -> String {
            path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined()
        }
        switch error {
        case .keyNotFound(let key, _): return .unprocessable("the field \(key.stringValue) is missing")
        case .typeMismatch(_, let context) where context.codingPath.isEmpty:
            return .unprocessable("the body must be a JSON object")
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return .unprocessable("the field \(field(context.codingPath)) has the wrong type")
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            return .unprocessable("the field \(field(context.codingPath)) has a value that cannot be read")
        default: return .unprocessable("the body has a value that cannot be read, such as a fraction for an id")
        }
    }

    private static func positive(_ id: Int64, _ field: String) throws(APIError) -> UInt64 {
        guard id > 0, id <= PathSegments.highestID else { throw .unprocessable("\(field) has \(id), which is no id") }
        return UInt64(id)
    }
}
