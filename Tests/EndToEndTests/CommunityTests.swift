import ContractChecks
import FoundationEssentials
import Microblog
import PlainMicroblog
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
            // The log has one event for each command that changed something, so the model knows all ids.
            for (name, id) in model.accounts { #expect(ids[name] == Int(id.rawValue)) }
            for (name, id) in model.posts { #expect(ids[name] == Int(id.rawValue)) }
            let microblog = model.microblog
            let server = try place.serve("--likes-embedded", "100000", "--page-limit", "100000")
            #expect(try server.position() == Int(microblog.position))
            // Those with the longest feeds and the most followers, and some that are like most.
            let users = model.accounts.keys.sorted()
            func most(_ people: [AccountID: [PlainMicroblog.Person]]) -> [String] {
                func count(_ user: String) -> Int { model.accounts[user].flatMap { people[$0]?.count } ?? 0 }
                return Array(users.sorted { count($0) > count($1) }.prefix(8))
            }
            var random = SplitMix64(seed: 20_120_704)
            let chosen = Set(
                most(microblog.following) + most(microblog.followers)
                    + (0..<24).compactMap { _ in users.randomElement(using: &random) })
            for user in chosen.sorted() { try compare(user, #require(model.accounts[user]), microblog, server) }
            let liked = microblog.posts.keys.sorted { microblog.likeCount($0) > microblog.likeCount($1) }.prefix(10)
            let client = try server.connect("key-\(users[0].lowercased())")
            for post in liked {
                let answer = try client.call("GET", "/api/tweets/\(post)/likes?limit=100000")
                #expect(answer.json?["likes"] == people(microblog.likes[post] ?? [], microblog, "user_id"))
            }
        }

        private func compare(_ user: String, _ id: AccountID, _ model: PlainMicroblog, _ server: Server) throws {
            let client = try server.connect("key-\(user.lowercased())")
            for byTime in [false, true] {
                let expected = model.feed(of: id, byLikes: !byTime).prefix(100)
                let answer = try client.call("GET", "/api/tweets?limit=100\(byTime ? "&sort=newest" : "")")
                #expect(answer.faults() == [])
                let tweets = try #require(answer.json?["tweets"]?.array)
                #expect(tweets.map { $0["id"]?.integer } == expected.map { Int($0.rawValue) }, "the feed of \(user)")
                for (tweet, post) in zip(tweets, expected) { try compare(tweet, post, for: id, model) }
            }
            let answer = try client.call("GET", "/api/users/me")
            #expect(answer.faults() == [])
            let me = try #require(answer.json?["user"])
            #expect(me["id"]?.integer == Int(id.rawValue))
            #expect(me["followers"] == people(model.followers[id] ?? [], model, "id"))
            #expect(me["following"] == people(model.following[id] ?? [], model, "id"))
            #expect(me["tweets_count"]?.integer == model.posts(by: id).count)
        }

        private func compare(
            _ tweet: JSONValue, _ id: PostID, for reader: AccountID, _ model: PlainMicroblog
        ) throws {
            let post = try #require(model.posts[id])
            let likes = model.likes[id] ?? []
            #expect(tweet["content"] == .string(post.text))
            #expect(tweet["author"]?["id"]?.integer == Int(post.author.rawValue))
            #expect(tweet["author"]?["name"]?.string == model.accounts[post.author]?.name.text)
            #expect(tweet["likes_count"] == .integer(likes.count))
            #expect(tweet["liked"] == .boolean(model.likes(id, reader)))
            #expect(tweet["reply_to"]?.integer == post.replyTo.map { Int($0.rawValue) })
            #expect(tweet["attachments"]?.array?.count == post.files.count)
            let own = likes.filter { $0.account == reader }
            let others = likes.filter { $0.account != reader }
            #expect(tweet["likes"] == people(others + own, model, "user_id"))
        }

        /// People as an answer has them, newest first.
        private func people(
            _ people: [PlainMicroblog.Person], _ model: PlainMicroblog, _ field: String
        ) -> JSONValue {
            .array(
                people.reversed().map { person in
                    .object([
                        field: .integer(Int(person.account.rawValue)),
                        "name": .string(model.accounts[person.account]?.name.text ?? ""),
                    ])
                })
        }
    }
}
