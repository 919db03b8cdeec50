import ContractChecks
import FoundationEssentials
import TestSupport
import Testing

extension EndToEnd {
    /// A community is imported, served, and compared with a plain model of it.
    @Suite struct CommunityTests {
        /// Real commands, where they lie beside the project.
        private static let higgs =
            URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path + "/shared/data/higgs-20k.jsonl.gz"
        private static let hasHiggs = FileManager.default.fileExists(atPath: higgs)

        @Test func `A made-up community is served as it is`() async throws {
            try await Workspace.run { place in try compare(try place.generate(4000, seed: 7), place) }
        }

        @Test(.enabled(if: hasHiggs, "higgs-20k.jsonl.gz does not lie in ../shared/data"))
        func `The first twenty thousand commands of a real one are served as they are`() async throws {
            try await Workspace.run { place in
                let unpacked = try Process(
                    ["-c", "gzip -dc '\(Self.higgs)' > higgs.jsonl"], in: place.path, program: "/bin/sh")
                #expect(try unpacked.wait().status == 0)
                try compare(place.path + "/higgs.jsonl", place)
            }
        }

        private func compare(_ file: String, _ place: Workspace) throws {
            let imported = try place.importFile(file, into: place.data, "--map", "map.tsv", "--demo-keys")
            try #require(imported.status == 0, "\(imported.errors)")
            var ids: [String: Int] = [:]
            for line in try place.read("map.tsv").split(separator: "\n") {
                let parts = line.split(separator: "\t")
                ids[String(parts[0])] = Int(parts[1])
            }
            var model = CommunityModel()
            let text = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
            for line in text.utf8.split(separator: 10) {
                try model.take(#require(Answer(status: 0, headers: [], body: Array(line)).json))
            }
            let server = try place.serve("--likes-embedded", "100000", "--page-limit", "100000")
            #expect(try server.position() == model.changes)
            // Those with the longest feeds and the most followers, and some that are like most.
            let users = model.accounts.keys.sorted()
            let busy = users.sorted { model.following[$0, default: []].count > model.following[$1, default: []].count }
            let known = users.sorted { model.followers[$0, default: []].count > model.followers[$1, default: []].count }
            var random = SplitMix64(seed: 20_120_704)
            let chosen = Set(
                busy.prefix(8) + known.prefix(8) + (0..<24).compactMap { _ in users.randomElement(using: &random) })
            for user in chosen.sorted() { try compare(user, model, ids, server) }
            let liked = model.posts.values.sorted { $0.likes.count > $1.likes.count }.prefix(10)
            let client = try server.connect("key-\(users[0].lowercased())")
            for post in liked {
                let answer = try client.call("GET", "/api/tweets/\(ids[post.name] ?? 0)/likes?limit=100000")
                #expect(answer.json?["likes"] == people(post.likes, model, ids, "user_id"))
            }
        }

        private func compare(
            _ user: String, _ model: CommunityModel, _ ids: [String: Int], _ server: Server
        ) throws {
            let client = try server.connect("key-\(user.lowercased())")
            for byTime in [false, true] {
                let expected = model.feed(of: user, byTime: byTime, ids: ids).prefix(100)
                let answer = try client.call("GET", "/api/tweets?limit=100\(byTime ? "&sort=newest" : "")")
                #expect(answer.faults() == [])
                let tweets = try #require(answer.json?["tweets"]?.array)
                #expect(tweets.map { $0["id"]?.integer } == expected.map { ids[$0.name] }, "the feed of \(user)")
                for (tweet, post) in zip(tweets, expected) {
                    #expect(tweet["content"] == .string(post.text))
                    #expect(tweet["author"]?["id"]?.integer == ids[post.author])
                    #expect(tweet["author"]?["name"]?.string == model.accounts[post.author])
                    #expect(tweet["likes_count"] == .integer(post.likes.count))
                    #expect(tweet["liked"] == .boolean(post.likes.contains(user)))
                    #expect(tweet["reply_to"]?.integer == post.replyTo.flatMap { ids[$0] })
                    #expect(tweet["attachments"]?.array?.count == post.media)
                    let own = post.likes.filter { $0 == user }
                    let others = post.likes.filter { $0 != user }
                    #expect(tweet["likes"] == people(others + own, model, ids, "user_id"))
                }
            }
            let answer = try client.call("GET", "/api/users/me")
            #expect(answer.faults() == [])
            let me = try #require(answer.json?["user"])
            #expect(me["id"]?.integer == ids[user])
            #expect(me["followers"] == people(model.followers[user, default: []], model, ids, "id"))
            #expect(me["following"] == people(model.following[user, default: []], model, ids, "id"))
            #expect(me["tweets_count"]?.integer == model.posts.values.count { $0.author == user })
        }

        /// People as an answer has them, newest first.
        private func people(
            _ users: [String], _ model: CommunityModel, _ ids: [String: Int], _ field: String
        ) -> JSONValue {
            .array(
                users.reversed().map { user in
                    .object([field: .integer(ids[user] ?? 0), "name": .string(model.accounts[user] ?? "")])
                })
        }
    }
}
