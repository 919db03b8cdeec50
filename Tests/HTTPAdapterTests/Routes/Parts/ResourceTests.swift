import Testing

@testable import HTTPAdapter

@Suite struct ResourceTests {
    private func resource(_ path: String) -> String {
        Array(path.utf8).withUnsafeBufferPointer { String(describing: Resource($0)) }
    }

    private func segments(_ path: String) -> [String] {
        Array(path.utf8).withUnsafeBufferPointer { bytes in
            let parts = PathSegments(bytes)
            return (0..<min(parts.count, 6)).map { String(decoding: parts[$0], as: UTF8.self) }
        }
    }

    @Test func `a path is cut at its slashes`() {
        #expect(segments("/") == [""])
        #expect(segments("/a") == ["a"])
        #expect(segments("/a/") == ["a", ""])
        #expect(segments("/a//b") == ["a", "", "b"])
        #expect(segments("/a/b/c/d/e/f") == ["a", "b", "c", "d", "e", "f"])
        #expect(segments("") == [])
        #expect(segments("a/b") == [])
        Array("/a/b/c/d/e/f/g".utf8).withUnsafeBufferPointer { #expect(PathSegments($0).count == 7) }
    }

    @Test func `an id is plain digits up to what JavaScript holds exactly`() {
        func id(_ text: String) -> UInt64? { Array("/\(text)".utf8).withUnsafeBufferPointer { PathSegments($0).id(0) } }
        #expect(id("1") == 1)
        #expect(id("9007199254740991") == 9_007_199_254_740_991)
        for text in ["", "0", "-1", "+1", "01", "1 ", "1.0", "x", "9007199254740992", "99999999999999999", "١", "1/"] {
            if text != "1/" { #expect(id(text) == nil, "\(text)") }
        }
    }

    @Test func `each path is its resource`() {
        let paths = [
            "/api/tweets": "tweets", "/api/tweets/7": "tweet(Optional(7))", "/api/tweets/x": "tweet(nil)",
            "/api/tweets/7/likes": "tweetLikes(Optional(7))", "/api/tweets/7/replies": "tweetReplies(Optional(7))",
            "/api/tweets/7/medias/8": "tweetMedia(Optional(7), Optional(8))", "/api/medias": "medias",
            "/api/users": "users", "/api/users/me": "me", "/api/users/7": "user(Optional(7))",
            "/api/users/7/follow": "follow(Optional(7))", "/api/users/7/tweets": "userTweets(Optional(7))",
            "/api/users/7/followers": "followers(Optional(7))", "/api/users/7/following": "following(Optional(7))",
            "/admin/accounts": "accounts", "/admin/projectors": "projectors", "/admin/replay": "replay",
            "/healthz": "health", "/readyz": "readiness", "/metrics": "metrics",
            "/openapi.json": "description", "/docs": "documentation", "/media/x": "media", "/": "page",
            "/login": "page", "/profile/3": "page", "/js/app.js": "page", "/apis": "page", "/api": "unknown",
            "/api/": "unknown", "/api/tweets/7/likes/8": "unknown", "/api/tweets/7/medias": "unknown",
            "/api/medias/7": "unknown", "/media": "unknown", "/media/x/y": "unknown", "/admin": "unknown",
            "/admin/accounts/7": "unknown", "/admin/replay/7": "unknown", "/healthz/": "page",
            "/api/a/b/c/d/e/f/g": "unknown",
        ]
        for (path, name) in paths {
            let found = resource(path)
            #expect(found == name || (name == "media" && found.hasPrefix("media")), "\(path)")
        }
    }

    @Test func `the Allow header says exactly the methods that are allowed`() {
        let methods: [(String, RequestMethod)] = [
            ("GET", .get), ("HEAD", .head), ("POST", .post), ("PUT", .put), ("DELETE", .delete), ("PATCH", .patch),
            ("OPTIONS", .options), ("TRACE", .other),
        ]
        let resources: [Resource] = [
            .tweets, .tweet(1), .tweetLikes(1), .tweetReplies(1), .tweetMedia(1, 2), .medias, .users, .me, .user(1),
            .follow(1), .userTweets(1), .followers(1), .following(1), .accounts, .projectors, .replay, .health,
            .readiness, .metrics, .description, .documentation, .media, .page,
        ]
        for resource in resources {
            let allowed = methods.filter { resource.allows($0.1) }.map(\.0)
            #expect(Set("\(resource.allowed)".split(separator: ", ").map { String($0) }) == Set(allowed), "\(resource)")
        }
    }
}
