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
        let tweet = try JSONObject(body)
        return .publishPost(
            text: try tweet.requiredString("tweet_data"),
            replyTo: try tweet.id("reply_to").map { PostID($0) },
            media: try tweet.ids("tweet_media_ids").map { MediaID($0) })
    }

    /// Reads a registration.
    static func account(_ body: [UInt8]) throws(APIError) -> NewAccount {
        let account = try JSONObject(body)
        return NewAccount(
            handle: try account.requiredString("handle"), name: try account.requiredString("name"),
            key: try account.string("key"), role: try account.string("role"))
    }
}
