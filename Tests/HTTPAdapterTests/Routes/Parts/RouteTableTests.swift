import APIDocuments
import ContractChecks
import HTTPServer
import Projections
import Testing

@testable import HTTPAdapter

@Suite struct RouteTableTests {
    private func segments(_ path: String) -> [String] {
        Array(path.utf8).withUnsafeBufferPointer { bytes in
            let parts = PathSegments(bytes)
            return (0..<min(parts.count, 6)).map { String(decoding: parts[$0], as: UTF8.self) }
        }
    }

    /// The row that answers `method` at a path, with the numbers of the path; `-` for what is not a number.
    private func row(_ path: String, _ method: RequestMethod = .get) -> String {
        Array(path.utf8).withUnsafeBufferPointer { bytes in
            let match = RouteTable.shared.match(bytes)
            guard let resource = match.resource else { return "nothing" }
            guard let route = resource.route(for: method) else { return "not \(method.name)" }
            let count = "\(route.pattern)".split(separator: "id}", omittingEmptySubsequences: false).count - 1
            let ids = (0..<count).map { index in (try? match.ids[index]).map { "\($0)" } ?? "-" }
            return ([String(describing: route.pattern)] + ids).joined(separator: " ")
        }
    }

    @Test func `A path is cut at its slashes`() {
        #expect(segments("/") == [""])
        #expect(segments("/a") == ["a"])
        #expect(segments("/a/") == ["a", ""])
        #expect(segments("/a//b") == ["a", "", "b"])
        #expect(segments("/a/b/c/d/e/f") == ["a", "b", "c", "d", "e", "f"])
        #expect(segments("") == [])
        #expect(segments("a/b") == [])
        Array("/a/b/c/d/e/f/g".utf8).withUnsafeBufferPointer { #expect(PathSegments($0).count == 7) }
    }

    @Test func `An id is plain digits up to what JavaScript holds exactly`() {
        func id(_ text: String) -> UInt64? { Array("/\(text)".utf8).withUnsafeBufferPointer { PathSegments($0).id(0) } }
        #expect(id("1") == 1)
        #expect(id("9007199254740991") == 9_007_199_254_740_991)
        // The slash ends the segment; what comes behind it is another one.
        #expect(id("1/") == 1)
        #expect(id("1/x") == 1)
        for text in ["", "0", "-1", "+1", "01", "1 ", "1.0", "x", "9007199254740992", "99999999999999999999999", "١"] {
            #expect(id(text) == nil, "\(text)")
        }
    }

    @Test func `Each path leads to its row`() {
        let paths = [
            "/api/tweets": "/api/tweets", "/api/tweets/7": "/api/tweets/{id} 7", "/api/tweets/x": "/api/tweets/{id} -",
            "/api/tweets/7/likes": "/api/tweets/{id}/likes 7",
            "/api/tweets/7/replies": "/api/tweets/{id}/replies 7", "/api/users": "/api/users",
            "/api/users/me": "/api/users/me", "/api/users/7": "/api/users/{id} 7",
            "/api/users/7/tweets": "/api/users/{id}/tweets 7", "/api/users/me/tweets": "/api/users/{id}/tweets -",
            "/api/users/7/followers": "/api/users/{id}/followers 7",
            "/api/users/7/following": "/api/users/{id}/following 7", "/admin/projectors": "/admin/projectors",
            "/healthz": "/healthz", "/readyz": "/readyz", "/metrics": "/metrics", "/openapi.json": "/openapi.json",
            "/docs": "/docs", "/media/x": "/media/{file}",
        ]
        for (path, expected) in paths { #expect(row(path) == expected, "\(path)") }
        #expect(row("/api/tweets/7/medias/8", .put) == "/api/tweets/{id}/medias/{media_id} 7 8")
        #expect(row("/api/tweets/x/medias/8", .put) == "/api/tweets/{id}/medias/{media_id} - 8")
        #expect(row("/api/users/me", .patch) == "/api/users/me")
        #expect(row("/api/users/7", .patch) == "not PATCH")
        #expect(row("/api/users/7/follow", .post) == "/api/users/{id}/follow 7")
        #expect(row("/api/users/7/follow", .get) == "not GET")
        #expect(row("/api/medias", .post) == "/api/medias")
        #expect(row("/admin/replay", .post) == "/admin/replay")
        #expect(row("/admin/accounts", .post) == "/admin/accounts")
    }

    @Test func `Every row is reached by its pattern, and Allow says exactly the methods of its path`() {
        let rows = RouteTable.shared.rows
        for pattern in Set(rows.map { "\($0.pattern)" }) {
            let segments = pattern.split(separator: "/").map { $0.hasSuffix("id}") ? "7" : $0.first == "{" ? "x" : $0 }
            let numbers = segments.filter { $0 == "7" }
            let path = "/" + segments.joined(separator: "/")
            var allowed = Set(rows.filter { "\($0.pattern)" == pattern }.map(\.method.name))
            if allowed.contains("GET") { allowed.insert("HEAD") }
            for method in RequestMethod.allCases {
                let expected = ([pattern] + numbers.map { String($0) }).joined(separator: " ")
                let isAllowed = allowed.contains(method.name)
                #expect(row(path, method) == (isAllowed ? expected : "not \(method.name)"), "\(method.name) \(path)")
            }
            Array(path.utf8).withUnsafeBufferPointer { bytes in
                let header = RouteTable.shared.match(bytes).resource?.allowed
                // OPTIONS has no rows: it answers at every path.
                #expect(
                    Set(header?.split(separator: ", ").map { String($0) } ?? []) == allowed.union(["OPTIONS"]),
                    "\(path)")
            }
        }
    }

    @Test func `What is not a row is a page, or nothing below the words of the API`() {
        for path in ["/", "/login", "/profile/3", "/js/app.js", "/apis", "/healthz/", "", "*", "/a/b/c/d/e/f/g"] {
            #expect(row(path) == "/", "\(path)")
        }
        for path in [
            "/api", "/api/", "/api/tweets/", "/api/tweets/7/", "/api/tweets//likes", "/media/", "/api/tweets/7/likes/8",
            "/api/tweets/7/medias", "/api/medias/7", "/media", "/media/x/y",
            "/admin", "/admin/accounts/7", "/admin/replay/7", "/api/a/b/c/d/e/f/g",
        ] {
            #expect(row(path, .post) == "nothing", "\(path)")
            #expect(row(path) == "nothing", "\(path)")
        }
    }

    @Test func `Every row is described in openapi_json, and every description has a row`() throws {
        let answer = Answer(status: 200, headers: [], body: APIDocuments.description)
        guard case .object(let paths)? = answer.json?["paths"] else {
            Issue.record("openapi.json has no paths")
            return
        }
        let methods = RequestMethod.allCases.map { $0.name.lowercased() }
        let described = paths.flatMap { path, item -> [String] in
            guard case .object(let members) = item else { return [] }
            return members.keys.filter { methods.contains($0) }.map { "\($0) \(path)" }
        }
        let rows = RouteTable.shared.rows.map { "\($0.method.name.lowercased()) \($0.pattern)" }
        #expect(rows.sorted() == described.sorted())
    }

    @Test func `A row with a key needs the accounts, and a description says of every row whether it takes a key`()
        throws
    {
        let answer = Answer(status: 200, headers: [], body: APIDocuments.description)
        for row in RouteTable.shared.rows {
            #expect(!row.needsKey || row.needs.first == .accounts, "\(row.pattern)")
            let operation = answer.json?["paths"]?["\(row.pattern)"]?[row.method.name.lowercased()]
            // The description asks for a key in general; where none is looked at it says so with an empty list.
            #expect((operation?["security"] == .array([])) == !row.needsKey, "\(row.method.name) \(row.pattern)")
        }
    }
}
