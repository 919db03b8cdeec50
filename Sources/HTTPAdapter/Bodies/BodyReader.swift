internal import JSON
internal import Microblog

/// Reads what JSON bodies ask for.
///
/// All of it throws 400 for what is no JSON, and 422 that names the field for what is not as it should be.
enum BodyReader {
    /// What a registration says.
    struct NewAccount {
        let handle: String
        let name: String
        let key: String?
        let role: String?
    }

    /// Reads a new tweet.
    static func tweet(_ body: [UInt8]) throws(APIError) -> Command {
        let tweet = try object(body)
        do throws(JSONFieldError) {
            return .publishPost(
                PublishPost(
                    text: try tweet.requiredString("tweet_data"),
                    replyTo: try tweet.integer("reply_to", in: ids).map { PostID(UInt64($0)) },
                    media: try tweet.integers("tweet_media_ids", in: ids).map { MediaID(UInt64($0)) }))
        } catch {
            throw .unprocessable("\(error)")
        }
    }

    /// Reads a registration.
    static func account(_ body: [UInt8]) throws(APIError) -> NewAccount {
        let account = try object(body)
        do throws(JSONFieldError) {
            return NewAccount(
                handle: try account.requiredString("handle"), name: try account.requiredString("name"),
                key: try account.string("key"), role: try account.string("role"))
        } catch {
            throw .unprocessable("\(error)")
        }
    }

    private static let ids = 1...Int64(PathSegments.highestID)

    private static func object(_ body: [UInt8]) throws(APIError) -> JSONObject {
        do throws(JSONError) {
            return try JSONObject(parsing: body)
        } catch {
            let message = "the body is \(error)"
            throw error.kind == .malformed ? .badRequest(message) : .unprocessable(message)
        }
    }
}
