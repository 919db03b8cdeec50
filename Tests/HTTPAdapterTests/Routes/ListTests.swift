import ContractChecks
import Testing

@testable import HTTPAdapter

/// Walking through lists by cursor.
@Suite struct ListTests {
    /// A list: its address, the member that holds it, the id of an entry, the shape of an entry.
    struct List {
        let target: String
        var name = "tweets"
        var field = "id"
        var entry = Shape.tweet
    }

    /// Everything has `count` entries: the feed, one's tweets, the replies, likes, followers and followed.
    private func lists(_ count: Int, _ live: LiveServer) async throws -> (caller: APIClient, lists: [List]) {
        let ann = try await live.register("ann")
        let bob = try await live.register("bob")
        let parent = try bob.tweet("parent")
        for index in 0..<count {
            let fan = try await live.register("fan\(index)")
            try fan.follow(ann)
            try fan.like(parent)
            try ann.follow(fan)
            try ann.tweet("\(index)", replyTo: parent)
        }
        let lists = [
            List(target: "/api/tweets"), List(target: "/api/tweets?sort=popular"),
            List(target: "/api/tweets?sort=newest"), List(target: "/api/users/\(ann.id)/tweets"),
            List(target: "/api/tweets/\(parent)/replies"),
            List(target: "/api/tweets/\(parent)/likes", name: "likes", field: "user_id", entry: .like),
            List(target: "/api/users/\(ann.id)/followers", name: "users", entry: .person),
            List(target: "/api/users/\(ann.id)/following", name: "users", entry: .person),
        ]
        return (ann, lists)
    }

    /// Follows `next_cursor`, or the `Link` header, to the end.
    private func walk(_ list: List, limit: Int, by client: APIClient, linked: Bool) throws -> [[Int]] {
        var pages: [[Int]] = []
        let separator = list.target.contains("?") ? "&" : "?"
        let first = "\(list.target)\(separator)limit=\(limit)"
        var target: String? = first
        while let next = target, pages.count < 50 {
            let answer = try client.get(next)
            #expect(answer.status == 200)
            #expect(Shape.page(list.name, of: list.entry).faults(of: answer.json) == [])
            pages.append(answer.json?[list.name]?.array?.compactMap { $0[list.field]?.integer } ?? [])
            let cursor = answer.json?["next_cursor"]?.string
            let link = answer["Link"]?.wholeMatch(of: /<(\/api\/[^>]*)>; rel="next"/)?.output.1
            #expect((cursor == nil) == (answer["Link"] == nil))
            target = linked ? link.map { String($0) } : cursor.map { "\(first)&cursor=\($0)" }
        }
        return pages
    }

    @Test(arguments: Transport.allCases, [false, true])
    func `A walk shows every entry once, newest first, in full pages`(transport: Transport, linked: Bool) async throws {
        try await LiveServer.run(transport) { live in
            let (ann, lists) = try await lists(6, live)
            for list in lists {
                let whole = try ann.ids(list.target, list.name, list.field)
                #expect(whole.count == 6)
                #expect(whole == whole.sorted(by: >), "\(list.target)")
                for limit in 1...7 {
                    let pages = try walk(list, limit: limit, by: ann, linked: linked)
                    let expected = stride(from: 0, to: 6, by: limit).map { Array(whole[$0..<min($0 + limit, 6)]) }
                    #expect(pages == expected, "\(list.target) by \(limit)")
                }
            }
        }
    }

    @Test(arguments: Transport.allCases) func `Empty lists are empty pages without a next one`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let (ann, lists) = try await lists(0, live)
            for list in lists { #expect(try walk(list, limit: 5, by: ann, linked: false) == [[]], "\(list.target)") }
        }
    }

    @Test(arguments: Transport.allCases) func `A cursor of another list, or one that was changed, is 422`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let (ann, lists) = try await lists(3, live)
            func page(_ list: List, _ query: String) throws -> Answer {
                try ann.get("\(list.target)\(list.target.contains("?") ? "&" : "?")\(query)")
            }
            for (index, list) in lists.enumerated() {
                let cursor = try #require(page(list, "limit=1").json?["next_cursor"]?.string)
                for (other, target) in lists.enumerated() {
                    // The first two are one list.
                    let fits = max(other, 1) == max(index, 1)
                    #expect(
                        try page(target, "cursor=\(cursor)").status == (fits ? 200 : 422), "\(cursor) \(target.target)")
                }
                for changed in [
                    cursor + "-", String(cursor.dropLast()) + "!", cursor.uppercased(), "%2B" + cursor, "x",
                ] {
                    #expect(try page(list, "cursor=\(changed)").status == 422, "\(changed)")
                }
                #expect(try page(list, "cursor=\(cursor)&cursor=\(cursor)").status == 422)
            }
            let feed = try #require(ann.get("/api/tweets?limit=1").json?["next_cursor"]?.string)
            #expect(try ann.get("/api/tweets?cursor=\(feed)&offset=1").status == 422)
        }
    }

    @Test(arguments: Transport.allCases) func `A walk by time neither repeats nor misses while others write`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let tweets = try (0..<8).map { try ann.tweet("\($0)") }
            for target in ["/api/tweets?sort=newest", "/api/users/\(ann.id)/tweets?", "/api/tweets?"] {
                var seen: [Int] = []
                var cursor = ""
                repeat {
                    let answer = try ann.get("\(target)&limit=2\(cursor)")
                    seen += answer.json?["tweets"]?.array?.compactMap { $0["id"]?.integer } ?? []
                    cursor = answer.json?["next_cursor"]?.string.map { "&cursor=\($0)" } ?? ""
                    // One comes above the place where the walk stands, and goes again.
                    let passing = try ann.tweet("passing")
                    try ann.delete("/api/tweets/\(passing)")
                    try ann.delete("/api/tweets/\(try ann.tweet("another"))")
                } while !cursor.isEmpty
                #expect(seen == tweets.reversed(), "\(target)")
            }
        }
    }

    @Test(arguments: Transport.allCases) func `A walk goes on below a place whose tweet is gone`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let tweets = try (0..<5).map { try ann.tweet("\($0)") }
            let cursor = try #require(ann.get("/api/tweets?sort=newest&limit=2").json?["next_cursor"]?.string)
            try ann.delete("/api/tweets/\(tweets[3])")
            try ann.delete("/api/tweets/\(tweets[2])")
            #expect(try ann.ids("/api/tweets?sort=newest&cursor=\(cursor)") == [tweets[1], tweets[0]])
        }
    }

    @Test(arguments: Transport.allCases)
    func `The Link header carries on what was asked and nothing that was smuggled in`(transport: Transport) async throws
    {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            let tweets = try (0..<3).map { try ann.tweet("\($0)") }
            for tweet in tweets { try ann.like(tweet) }
            let link = try #require(ann.get("/api/tweets?sort=newest&limit=1&likes=0&x=y")["Link"])
            #expect(link.contains("sort=newest") && link.contains("limit=1") && link.contains("likes=0"))
            #expect(!link.contains("x=y"))
            let bad = "%0d%0aX-Smuggled:%201"
            for query in ["sort=newest\(bad)", "x=\(bad)", "sort=\(bad)", "sort=%3e%3b%20rel=%22prev%22%2c%3c/evil"] {
                let answer = try ann.get("/api/users/\(ann.id)/tweets?limit=1&\(query)")
                #expect(answer["X-Smuggled"] == nil)
                let link = try #require(answer["Link"], "\(query)")
                #expect(link.wholeMatch(of: /<\/api\/users\/\d+\/tweets\?[a-z0-9=&-]+>; rel="next"/) != nil, "\(link)")
            }
        }
    }
}
