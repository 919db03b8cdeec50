internal import HTTPServer
internal import Microblog
internal import Projections

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

/// A place in a list, as clients carry it: opaque to them, a letter for the list and the place to us.
struct ListCursor: Equatable {
    /// The lists that have pages.
    enum List: Character {
        case popular = "p"
        case newest = "n"
        case tweets = "t"
        case replies = "r"
        case likes = "l"
        case followers = "f"
        case following = "g"
    }

    let list: List
    /// The last entry's place: the next page begins below it.
    let place: FeedPlace
    /// Posts that stand before all others on the first page, and are left out below; only in an account's posts.
    let pins: [PostID]

    init(_ list: List, _ place: FeedPlace, pins: [PostID] = []) {
        self.list = list
        self.place = place
        self.pins = pins
    }

    /// A list whose entries are in the order of log positions.
    init(_ list: List, before position: UInt64) {
        self.init(list, FeedPlace(likes: 0, entry: position))
    }

    /// The position that the next page begins below.
    var position: UInt64 { place.entry }

    /// Reads what ``text`` wrote; `nil` for anything else, and for the cursor of another list.
    init?(_ text: String, of list: List) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3 || (parts.count == 4 && list == .tweets), parts[0] == String(list.rawValue),
            let likes = UInt32(parts[1], radix: 36), let entry = UInt64(parts[2], radix: 36)
        else { return nil }
        let pins = parts.count == 4 ? parts[3].split(separator: ".").map { UInt64($0, radix: 36) ?? 0 } : []
        self.init(list, FeedPlace(likes: likes, entry: entry), pins: pins.map { PostID($0) })
        guard pins.count <= Limits.pinsPerAccount, pins.isEmpty || likes <= pins.count, self.text == text else {
            return nil
        }
    }

    var text: String {
        let text = "\(list.rawValue)-\(String(place.likes, radix: 36))-\(String(place.entry, radix: 36))"
        return pins.isEmpty ? text : text + "-" + pins.map { String($0.rawValue, radix: 36) }.joined(separator: ".")
    }
}

/// A page of a list while it is written: `{"result": true, "<name>": [...], "next_cursor": ...}`.
struct ListAnswer: ~Copyable {
    /// Where the next page begins; `nil` on the last.
    var next: ListCursor?
    private var buffer: ResponseBuffer
    /// How many entries there is still room for.
    private var room: Int
    private var last: ListCursor?
    private var isFirst = true

    init(_ name: StaticString, limit: Int) {
        room = limit
        buffer = ResponseBuffer(capacity: 8192)
        buffer.append("{\"result\":true,\"")
        buffer.append(name)
        buffer.append("\":[")
    }

    /// Writes an entry, or notes that there is another page.
    ///
    /// - Returns: whether to go on.
    mutating func add(_ cursor: ListCursor, _ body: (inout ResponseBuffer) throws -> Void) rethrows -> Bool {
        guard hasRoom(for: cursor) else { return false }
        try write(body)
        return true
    }

    /// Takes the room of an entry that is to be written, or notes that there is another page.
    mutating func hasRoom(for cursor: ListCursor) -> Bool {
        guard room > 0 else {
            next = last
            return false
        }
        room -= 1
        last = cursor
        return true
    }

    /// Writes an entry.
    mutating func write(_ body: (inout ResponseBuffer) throws -> Void) rethrows {
        if !isFirst { buffer.append(UInt8(ascii: ",")) }
        isFirst = false
        try body(&buffer)
    }

    /// The answer, with a `Link` header to the next page.
    consuming func finish(_ exchange: Exchange, _ service: Service, position: UInt64) -> Response {
        let next = next
        buffer.append("],\"next_cursor\":")
        if let next { buffer.append(jsonString: next.text) } else { buffer.append("null") }
        buffer.append("}")
        var response = service.json(200, buffer, position: position)
        if let next { response.add("Link", string: Self.link(exchange, next)) }
        return response
    }

    private static func link(_ exchange: Exchange, _ next: ListCursor) -> String {
        var target = "<\(exchange.pathText)?cursor=\(next.text)"
        // These values were checked before. Nothing in them needs escaping.
        if next.list == .newest { target += "&sort=newest" }
        if let limit = exchange.query("limit") { target += "&limit=\(limit)" }
        if let likes = exchange.query("likes") { target += "&likes=\(likes)" }
        return target + ">; rel=\"next\""
    }
}
