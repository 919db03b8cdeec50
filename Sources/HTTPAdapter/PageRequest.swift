/// Which part of a list a request asks for.
struct PageRequest {
    let limit: Int
    /// The page's number, from 1; `nil` when the request has none.
    let number: Int?
    let cursor: ListCursor?
    /// The most likes to show on each tweet.
    let likes: Int

    static let standardLimit = 100

    /// Reads `limit`, `cursor`, `likes`, and `offset` where the list is numbered in pages.
    ///
    /// - Throws: 422 that names the parameter and its value.
    init(
        _ exchange: Exchange, _ configuration: AdapterConfiguration, list: ListCursor.List, isNumbered: Bool = false
    ) throws(APIError) {
        limit = try exchange.integer("limit", in: 1...configuration.pageLimit) ?? Self.standardLimit
        let likes = try exchange.integer("likes", in: 0...PathSegments.highestID) ?? configuration.embeddedLimit
        self.likes = min(likes, configuration.embeddedLimit)
        number = isNumbered ? try exchange.integer("offset", in: 1...PathSegments.highestID) : nil
        if let text = try exchange.parameter("cursor") {
            guard let cursor = ListCursor(text, of: list) else {
                throw .unprocessable(
                    "cursor \"\(text.prefix(64))\" does not belong to this list; leave it out to begin")
            }
            guard number == nil else { throw .unprocessable("offset and cursor exclude each other; send one of them") }
            self.cursor = cursor
        } else {
            cursor = nil
        }
    }

    /// How many entries the numbered page passes over.
    var skip: Int {
        let (product, overflow) = ((number ?? 1) - 1).multipliedReportingOverflow(by: limit)
        return overflow ? .max : product
    }
}
