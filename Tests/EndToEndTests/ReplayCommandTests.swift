import ContractChecks
import FoundationEssentials
import Glibc
import Testing

extension EndToEnd {
    /// Rebuilding and looking back, with the built program on real files.
    @Suite struct ReplayCommandTests {
        /// Imports the first lines of a file into a data directory.
        private static func importPrefix(_ place: Workspace, _ file: String, lines: Int, into data: String) throws {
            let text = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
            let prefix = text.split(separator: "\n").prefix(lines).map { $0 + "\n" }.joined()
            let imported = try place.importFile(
                try place.write("prefix.jsonl", prefix), into: data, "--name", "community", "--demo-keys")
            try #require(imported.status == 0, "\(imported.errors)")
        }

        private static func digest(_ place: Workspace, _ data: String) throws -> String {
            let outcome = try place.martlet("digest", "--data", data)
            try #require(outcome.status == 0, "\(outcome.errors)")
            return outcome.output
        }

        private static func position(_ digest: String) throws -> Int {
            let match = try #require(digest.firstMatch(of: /"position":(\d+),/))
            return try #require(Int(match.output.1))
        }

        @Test func `The state of any moment is what a server that stopped there holds`() async throws {
            try await Workspace.run { place in
                let file = try place.generate(3000, seed: 11)
                try Self.importPrefix(place, file, lines: 3000, into: place.data)
                for lines in [1, 700, 2999] {
                    let stopped = "\(place.path)/stopped-\(lines)"
                    try Self.importPrefix(place, file, lines: lines, into: stopped)
                    let expected = try Self.digest(place, stopped)
                    let position = try Self.position(expected)
                    let target = "\(place.path)/until-\(lines)"
                    let replayed = try place.martlet(
                        "replay", "--data", place.data, "--into", target, "--until", "\(position)", "--memory", "16MiB")
                    try #require(replayed.status == 0, "\(replayed.errors)")
                    #expect(replayed.output.hasPrefix("events        \(position)\nseconds       "))
                    #expect(try Self.digest(place, target) == expected)
                    #expect(try FileManager.default.contentsOfDirectory(atPath: target) == ["views"])
                }
            }
        }

        @Test func `A replay changes generations and nothing else`() async throws {
            try await Workspace.run { place in
                try Self.importPrefix(place, try place.generate(3000, seed: 12), lines: 3000, into: place.data)
                let before = try Self.digest(place, place.data)
                let replayed = try place.martlet("replay", "--data", place.data)
                try #require(replayed.status == 0, "\(replayed.errors)")
                #expect(try Self.digest(place, place.data) == before)
                #expect(try place.read("data/views/current") == "2\n")
            }
        }

        /// The words of a report before the sizes in bytes, which differ by the way in which the rows were written.
        private static func words(_ report: String) -> [String] {
            report.split(separator: "\n").map { $0.split(separator: " ")[0] }.filter { $0 != "peak" }.map { String($0) }
        }

        @Test func `Beside a running server the server rebuilds, and the report is the same`() async throws {
            try await Workspace.run { place in
                try Self.importPrefix(place, try place.generate(3000, seed: 12), lines: 3000, into: place.data)
                let offline = try place.martlet("replay", "--data", place.data)
                try #require(offline.status == 0, "\(offline.errors)")
                let before = try Self.digest(place, place.data)
                let server = try place.serve()
                let replayed = try place.martlet("replay", "--data", place.data)
                try #require(replayed.status == 0, "\(replayed.errors)")
                #expect(Self.words(replayed.output) == Self.words(offline.output))
                #expect(replayed.output.split(separator: "\n")[0] == offline.output.split(separator: "\n")[0])
                #expect(try Self.digest(place, place.data) == before)
                #expect(try place.read("data/views/current") == "3\n")
                #expect(server.process.errors.contains("the read models were rebuilt up to position "))
                // What a server cannot do for somebody else still needs no server.
                let into = try place.martlet("replay", "--data", place.data, "--into", place.path + "/into")
                #expect(into.status == 0, "\(into.errors)")
            }
        }

        @Test func `A rebuild goes on without who watches it, and can be watched again`() async throws {
            try await Workspace.run { place in
                try place.account("author")
                let server = try place.serve()
                // Holds the projection up, and with it the end of the rebuild.
                let hold = try ViewsHold(place.data + "/views/1")
                let writer = try server.connect("key-author")
                try writer.send("POST", "/api/tweets", "{\"tweet_data\": \"held up\"}")
                try wait(for: "the event") { try server.position() == 2 }
                let first = try place.start(["replay", "--data", place.data])
                let isRunning = "martlet_rebuild_state{state=\"running\"} 1\n"
                try wait(for: "the rebuild") { try server.connect().call("GET", "/metrics").text.contains(isRunning) }
                let second = try place.start(["replay", "--data", place.data])
                try wait(for: "the second") { second.errors.contains("a rebuild is under way already") }
                first.kill(SIGINT)
                let ended = try first.wait()
                #expect(ended.status == 1)
                #expect(ended.output.isEmpty)
                #expect(
                    ended.errors.contains("interrupted; the server goes on with the rebuild. `martlet replay --data "))
                #expect(try server.connect().call("GET", "/metrics").text.contains(isRunning))
                hold.release()
                let done = try second.wait()
                #expect(done.status == 0, "\(done.errors)")
                #expect(done.output.hasPrefix("events        2\nseconds       "))
            }
        }

        @Test func `A rebuild that fails, and a server that goes away, end the watching with the reason`() async throws
        {
            try await Workspace.run { place in
                try place.account("author")
                let server = try place.serve()
                try FileManager.default.createDirectory(
                    atPath: place.data + "/views/2/kept", withIntermediateDirectories: true)
                let failed = try place.martlet("replay", "--data", place.data)
                #expect(failed.status == 1)
                #expect(failed.errors.contains("the server gave the rebuild up: cannot remove"), "\(failed.errors)")
                try place.remove("data/views/2/kept")
                let hold = try ViewsHold(place.data + "/views/1")
                let writer = try server.connect("key-author")
                try writer.send("POST", "/api/tweets", "{\"tweet_data\": \"held up\"}")
                try wait(for: "the event") { try server.position() == 2 }
                let watching = try place.start(["replay", "--data", place.data])
                try wait(for: "the rebuild") {
                    try server.connect().call("GET", "/metrics").text.contains(
                        "martlet_rebuild_state{state=\"running\"} 1\n")
                }
                server.kill()
                let ended = try watching.wait()
                hold.release()
                #expect(ended.status == 1)
                #expect(ended.errors.contains("What became of the rebuild is not known"), "\(ended.errors)")
            }
        }

        @Test func `A server of the past answers beside the present one, and only answers`() async throws {
            try await Workspace.run { place in
                let author = try place.account("author")
                try place.account("late")
                let present = try place.serve()
                let writer = try present.connect("key-author")
                let first = try #require(try writer.tweet("first").json?["tweet_id"]?.integer)
                let second = try #require(try writer.tweet("second").json?["tweet_id"]?.integer)
                let past = try place.serve("--as-of", "\(first)")
                let reader = try past.connect("key-author")
                #expect(try reader.call("GET", "/api/tweets/\(first)").status == 200)
                #expect(try reader.call("GET", "/api/tweets/\(second)").status == 404)
                let profile = try reader.call("GET", "/api/users/\(author)")
                #expect(profile.json?["user"]?["tweets_count"]?.integer == 1)
                for (method, path, body) in [
                    ("POST", "/api/tweets", "{\"tweet_data\":\"no\"}"), ("DELETE", "/api/tweets/\(first)", ""),
                    ("POST", "/api/tweets/\(first)/likes", ""), ("POST", "/api/users/2/follow", ""),
                ] {
                    let answer = try past.connect("key-author").call(method, path, body)
                    #expect(answer.status == 403, "\(method) \(path)")
                    #expect(answer.json?["error_type"]?.string == "read_only")
                }
                // The present goes on meanwhile.
                #expect(try writer.tweet("third").status == 201)
                #expect(try past.stop().status == 0)
                #expect(try FileManager.default.contentsOfDirectory(atPath: place.data + "/scratch").isEmpty)
            }
        }

        @Test func `What a killed server of the past leaves is cleared by the next start`() async throws {
            try await Workspace.run { place in
                try place.account("author")
                try place.serve("--as-of", "1").kill()
                let scratch = place.data + "/scratch"
                #expect(try FileManager.default.contentsOfDirectory(atPath: scratch).count == 1)
                _ = try place.serve()
                #expect(try FileManager.default.contentsOfDirectory(atPath: scratch).isEmpty)
            }
        }

        @Test func `A moment that the log does not have is refused with the values, and nothing is made`() async throws
        {
            try await Workspace.run { place in
                try place.account("author")
                for (moment, words) in [
                    ("2", "position 2 is beyond the newest event, which is at position 1"),
                    ("2001-01-01T00:00:00Z", "2001-01-01T00:00:00.000Z is before the first event"),
                ] {
                    let replayed = try place.martlet(
                        "replay", "--data", place.data, "--into", place.path + "/into", "--until", moment)
                    #expect(replayed.status == 1)
                    #expect(replayed.errors.contains(words), "\(replayed.errors)")
                    let served = try place.martlet("serve", "--data", place.data, "--as-of", moment)
                    #expect(served.status == 1)
                    #expect(served.errors.contains(words), "\(served.errors)")
                }
                #expect(!FileManager.default.fileExists(atPath: place.path + "/into"))
                let alone = try place.martlet("replay", "--data", place.data, "--until", "1")
                #expect(alone.errors.contains("--until 1 needs --into DIR2"))
                try FileManager.default.createDirectory(
                    atPath: place.path + "/full", withIntermediateDirectories: false)
                try place.write("full/note", "mine")
                let full = try place.martlet("replay", "--data", place.data, "--into", place.path + "/full")
                #expect(full.status == 1)
                #expect(full.errors.contains("is not empty (there is note)"))
                #expect(try FileManager.default.contentsOfDirectory(atPath: place.path + "/full") == ["note"])
            }
        }
    }
}

extension HTTPConnection {
    fileprivate func tweet(_ text: String) throws -> Answer {
        try call("POST", "/api/tweets", "{\"tweet_data\": \"\(text)\"}")
    }
}
