internal import HTTPServer

/// The table of routes, compiled once for matching without allocations.
final class RouteTable: Sendable {
    /// All routes of the API.
    static let shared = RouteTable(
        Feed.routes + Posts.routes + Likes.routes + Media.routes + Accounts.routes + Follows.routes + Pins.routes
            + Projectors.routes + Status.routes + Documents.routes, elsewhere: WebRoot.routes)

    /// What a path leads to.
    struct Match {
        /// `nil` if there is nothing at the path, for any method.
        let resource: Resource?
        let ids: PathIDs
    }

    let rows: [Route]
    /// By number of segments. Among these, resources with more words come first.
    private let resources: [[Resource]]
    /// First words of rows with several segments. Below them only rows answer.
    private let roots: [Resource.Segment]
    /// What answers for every path that no row and no root has.
    let elsewhere: Resource

    /// - Parameter elsewhere: answers for a path without a row, unless its first word is that of a row with several
    ///   segments.
    init(_ rows: [Route], elsewhere: [Route]) {
        self.rows = rows
        var resources = [[Resource]](repeating: [], count: PathSegments.most + 1)
        var patterns: [String] = []
        for row in rows where !patterns.contains("\(row.pattern)") {
            patterns.append("\(row.pattern)")
            let resource = Resource(rows.filter { "\($0.pattern)" == "\(row.pattern)" })
            precondition(resource.segments.count <= PathSegments.most, "\(row.pattern) has too many segments")
            resources[resource.segments.count].append(resource)
        }
        for count in resources.indices { resources[count].sort { $0.wordCount > $1.wordCount } }
        self.resources = resources
        var roots: [Resource.Segment] = []
        for root in resources.dropFirst(2).joined().map({ $0.segments[0] }) where !roots.contains(root) {
            roots.append(root)
        }
        self.roots = roots
        self.elsewhere = Resource(elsewhere)
    }

    /// Finds what a path names.
    func match(_ path: UnsafeBufferPointer<UInt8>) -> Match {
        let parts = PathSegments(path)
        if parts.count < resources.count {
            for resource in resources[parts.count] where resource.matches(parts) {
                return Match(resource: resource, ids: resource.ids(parts))
            }
        }
        for root in roots where parts.count > 0 && root.matches(parts, 0) {
            return Match(resource: nil, ids: PathIDs())
        }
        return Match(resource: elsewhere, ids: PathIDs())
    }
}

/// The numbers in a path, at most two.
struct PathIDs {
    fileprivate var first: UInt64?
    fileprivate var second: UInt64?

    /// A number of the path.
    ///
    /// - Throws: 400 if the path has something else there.
    subscript(index: Int) -> UInt64 {
        get throws(APIError) {
            guard let id = index == 0 ? first : second else {
                throw .badRequest("the id in the path is no positive integer below 2^53")
            }
            return id
        }
    }
}

/// All rows of one pattern.
final class Resource: Sendable {
    /// A part of a pattern between its slashes.
    struct Segment: Equatable, @unchecked Sendable {
        // because the bytes are a constant of the program.
        /// The word that must stand there; `nil` for any text.
        fileprivate let word: UnsafeBufferPointer<UInt8>?
        fileprivate let isID: Bool

        fileprivate func matches(_ parts: PathSegments, _ index: Int) -> Bool {
            // A slash at the end of a path begins no segment that could be an id or a name.
            guard let word else { return !parts[index].isEmpty }
            return parts.matches(index, word)
        }

        static func == (one: Segment, other: Segment) -> Bool {
            guard let word = one.word, let otherWord = other.word else { return one.word == nil && other.word == nil }
            return word.elementsEqual(otherWord)
        }
    }

    fileprivate let segments: [Segment]
    private let routes: [Route?]
    /// The methods that this path allows, in the form of an `Allow` header.
    let allowed: String

    fileprivate init(_ rows: [Route]) {
        var routes = [Route?](repeating: nil, count: RequestMethod.allCases.count)
        for row in rows {
            precondition(routes[row.method.rawValue] == nil, "\(row.method.name) \(row.pattern) stands in two rows")
            routes[row.method.rawValue] = row
        }
        // A row for GET also answers HEAD: the server leaves the body out.
        routes[RequestMethod.head.rawValue] = routes[RequestMethod.get.rawValue]
        self.routes = routes
        // Every path answers OPTIONS.
        allowed = RequestMethod.allCases.filter { routes[$0.rawValue] != nil || $0 == .options }.map(\.name)
            .joined(separator: ", ")
        segments = Self.segments(rows[0].pattern)
    }

    fileprivate var wordCount: Int { segments.count { $0.word != nil } }

    /// The row for a method; `nil` if this path does not allow it.
    func route(for method: RequestMethod) -> Route? { routes[method.rawValue] }

    fileprivate func matches(_ parts: PathSegments) -> Bool {
        for index in segments.indices where !segments[index].matches(parts, index) { return false }
        return true
    }

    fileprivate func ids(_ parts: PathSegments) -> PathIDs {
        var (ids, count) = (PathIDs(), 0)
        for index in segments.indices where segments[index].isID {
            if count == 0 { ids.first = parts.id(index) } else { ids.second = parts.id(index) }
            count += 1
        }
        return ids
    }

    private static func segments(_ pattern: StaticString) -> [Segment] {
        let bytes = UnsafeBufferPointer(start: pattern.utf8Start, count: pattern.utf8CodeUnitCount)
        return bytes.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { part in
            guard part.first == UInt8(ascii: "{") else {
                return Segment(word: UnsafeBufferPointer(rebasing: part), isID: false)
            }
            return Segment(word: nil, isID: part.dropLast().suffix(2).elementsEqual("id".utf8))
        }
    }
}
