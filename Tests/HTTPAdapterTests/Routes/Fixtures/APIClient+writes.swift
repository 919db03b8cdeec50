import ContractChecks
import Testing

/// Writes that succeed.
extension APIClient {
    /// Publishes a tweet.
    ///
    /// - Returns: its id.
    @discardableResult
    func tweet(
        _ text: String, media: [Int] = [], replyTo: Int? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Int {
        let reply = replyTo.map { ", \"reply_to\": \($0)" } ?? ""
        let answer = try post(
            "/api/tweets", "{\"tweet_data\": \(JSONValue.quote(text)), \"tweet_media_ids\": \(media)\(reply)}",
            sourceLocation: sourceLocation)
        #expect(answer.status == 201, sourceLocation: sourceLocation)
        return try #require(answer.json?["tweet_id"]?.integer, sourceLocation: sourceLocation)
    }

    /// Uploads a file.
    ///
    /// - Returns: its id.
    func upload(_ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) throws -> Int {
        let answer = try upload(form: MultipartForm("file", bytes), sourceLocation: sourceLocation)
        #expect(answer.status == 201, sourceLocation: sourceLocation)
        return try #require(answer.json?["media_id"]?.integer, sourceLocation: sourceLocation)
    }

    func like(_ tweet: Int, sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(
            try post("/api/tweets/\(tweet)/likes", sourceLocation: sourceLocation).status == 200,
            sourceLocation: sourceLocation)
    }

    func follow(_ account: APIClient, sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(
            try post("/api/users/\(account.id)/follow", sourceLocation: sourceLocation).status == 200,
            sourceLocation: sourceLocation)
    }

    /// One tweet as this account sees it.
    func read(_ tweet: Int, _ query: String = "", sourceLocation: SourceLocation = #_sourceLocation) throws -> JSONValue
    {
        let answer = try get("/api/tweets/\(tweet)\(query)", sourceLocation: sourceLocation)
        #expect(
            Shape.done(["tweet": .tweet]).faults(of: answer.json).isEmpty, sourceLocation: sourceLocation)
        return try #require(answer.json?["tweet"], sourceLocation: sourceLocation)
    }

    /// The ids of a list's entries, in order.
    func ids(
        _ target: String, _ list: String = "tweets", _ field: String = "id",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [Int] {
        let answer = try get(target, sourceLocation: sourceLocation)
        #expect(answer.status == 200, sourceLocation: sourceLocation)
        return try #require(answer.json?[list]?.array, sourceLocation: sourceLocation)
            .compactMap { $0[field]?.integer }
    }
}
