import ContractChecks
import FoundationEssentials
import Glibc
import Testing

extension EndToEnd {
    @Suite struct ImportTests {
        @Test func `Every command becomes one event, with its time, its actor and what the names stand for`()
            async throws
        {
            try await Workspace.run { place in
                let file = try place.generate(2000)
                let outcome = try place.importFile(file, into: place.data, "--map", "map.tsv")
                #expect(outcome.status == 0, "\(outcome.errors)")
                #expect(outcome.output.isEmpty)
                #expect(outcome.errors.contains("2000 new events, 0 lines known"))
                var ids: [String: Int] = [:]
                for line in try place.read("map.tsv").split(separator: "\n") {
                    let parts = line.split(separator: "\t")
                    ids[String(parts[0])] = Int(parts[1])
                }
                let commands = try place.read("community.jsonl").split(separator: "\n")
                let events = try place.export(place.data)
                #expect(events.count == 2000)
                let types = [
                    "register": "account_registered", "post": "post_published", "delete": "post_deleted",
                    "like": "post_liked", "unlike": "post_unliked", "follow": "account_followed",
                    "unfollow": "account_unfollowed", "media": "media_uploaded",
                ]
                for (index, (command, event)) in zip(commands, events).enumerated() {
                    let line = try #require(Answer(status: 0, headers: [], body: Array(command.utf8)).json)
                    func id(_ field: String) -> JSONValue? {
                        line[field]?.string.flatMap { ids[$0] }.map { .integer($0) }
                    }
                    #expect(event["position"] == .integer(index + 1))
                    #expect(event["time"] == line["at"])
                    #expect(event["type"]?.string == types[line["do"]?.string ?? ""])
                    let data = event["data"]
                    switch line["do"]?.string {
                    case "register":
                        #expect(id("user") == .integer(index + 1))
                        #expect(event["actor"] == .integer(0))
                        #expect(data?["handle"] == line["user"])
                        #expect(data?["name"] == line["name"])
                        continue
                    case "post":
                        #expect(id("post") == .integer(index + 1))
                        #expect(data?["text"] == line["text"])
                        #expect(data?["reply_to"] == id("reply_to") ?? .null)
                        let media = line["media"]?.array?.compactMap { $0.string.flatMap { ids[$0] } } ?? []
                        #expect(data?["media"]?.array?.compactMap(\.integer) == media)
                    case "media": #expect(id("media") == .integer(index + 1))
                    case "follow", "unfollow": #expect(data?["account"] == id("target"))
                    default: #expect(data?["post"] == id("post"))
                    }
                    #expect(event["actor"] == id("user"))
                }
                let part = try place.martlet("export", "--data", place.data, "--from", "500", "--until", "509")
                #expect(part.jsonLines == Array(events[499..<509]))
            }
        }

        @Test func `An import that is killed goes on where it was, and no event comes twice`() async throws {
            try await Workspace.run { place in
                let file = try place.generate(3000)
                let whole = place.path + "/whole"
                #expect(try place.importFile(file, into: whole).status == 0)
                let unbroken = try place.digest(whole)
                let lines = try place.read("community.jsonl").split(separator: "\n")
                for (round, stop) in [400, 1100, 2500].enumerated() {
                    // Half of what it is given is there when it is killed, more or less: it is in the middle of it.
                    let pipe = "\(place.path)/pipe-\(round)"
                    mkfifo(pipe, 0o600)
                    let process = try place.start(["import", "--data", place.data, pipe])
                    let writer = open(pipe, O_WRONLY | O_CLOEXEC)
                    let text = Array(lines[..<stop].joined(separator: "\n").utf8)
                    var sent = 0
                    while sent < text.count {
                        let count = text[sent...].withUnsafeBytes { write(writer, $0.baseAddress, $0.count) }
                        guard count > 0 else { throw Unexpected("the import took no more lines: \(process.errors)") }
                        sent += count
                    }
                    try wait(for: "the import to come on") { place.head(of: place.data) >= stop / 2 }
                    process.kill(SIGKILL)
                    close(writer)
                    #expect(place.head(of: place.data) < 3000)
                }
                let before = try place.digest(place.data)["position"]?.integer ?? 0
                let last = try place.importFile(file, into: place.data)
                #expect(last.status == 0)
                #expect(last.errors.contains("\(3000 - before) new events, \(before) lines known"), "\(last.errors)")
                #expect(try place.digest(place.data) == unbroken)
                #expect(try place.rebuiltDigest(place.data) == unbroken)
                let again = try place.importFile(file, into: place.data)
                #expect(again.errors.contains("0 new events, 3000 lines known"))
                #expect(try place.digest(place.data) == unbroken)
                #expect(try place.export(place.data) == place.export(whole))
            }
        }

        @Test func `An import stops at the first bad line, names it, and keeps what came before`() async throws {
            try await Workspace.run { place in
                let good = """
                    {"at":"2026-01-01T00:00:00Z","do":"register","user":"ann","name":"Ann"}
                    {"at":"2026-01-01T00:00:01Z","do":"post","user":"ann","post":"p1","text":"one"}

                    """
                let next =
                    "{\"at\":\"2026-01-01T00:00:02Z\",\"do\":\"post\",\"user\":\"ann\",\"post\":\"p2\",\"text\":\"two\"}\n"
                let bad = [
                    "nonsense", "{}", "{\"at\":\"yesterday\",\"do\":\"like\",\"user\":\"ann\",\"post\":\"p1\"}",
                    "{\"at\":\"2026-01-01T00:00:02Z\",\"do\":\"dance\",\"user\":\"ann\"}",
                    "{\"at\":\"2026-01-01T00:00:02Z\",\"do\":\"like\",\"user\":\"bob\",\"post\":\"p1\"}",
                    "{\"at\":\"2026-01-01T00:00:02Z\",\"do\":\"like\",\"user\":\"ann\",\"post\":\"p9\"}",
                    "{\"at\":\"2026-01-01T00:00:02Z\",\"do\":\"post\",\"user\":\"ann\",\"post\":\"p2\",\"text\":\" \"}",
                    "{\"at\":\"2026-01-01T00:00:02Z\",\"do\":\"follow\",\"user\":\"ann\",\"target\":\"ann\"}",
                    "{\"at\":\"2025-01-01T00:00:00Z\",\"do\":\"like\",\"user\":\"ann\",\"post\":\"p1\"}",
                ]
                for line in bad {
                    let outcome = try place.importFile(
                        place.write("bad.jsonl", good + line + "\n" + next), into: place.data)
                    #expect(outcome.status == 1, "\(line)")
                    #expect(outcome.errors.contains("line 3: "), "\(line): \(outcome.errors)")
                    #expect(try place.digest(place.data)["position"] == .integer(2), "\(line)")
                }
                let outcome = try place.importFile(place.write("good.jsonl", good + next), into: place.data)
                #expect(outcome.status == 0)
                #expect(outcome.errors.contains("1 new events, 2 lines known"), "\(outcome.errors)")
                let other = good.replacing("one", with: "other")
                let changed = try place.importFile(place.write("other.jsonl", other), into: place.data)
                #expect(changed.status == 1)
                #expect(changed.errors.contains("line 2: ") && changed.errors.contains("--name"), "\(changed.errors)")
                #expect(try place.importFile(place.path + "/none", into: place.data).status == 1)
            }
        }

        @Test func `The same options make the same community, another seed another one`() async throws {
            try await Workspace.run { place in
                let first = try place.read(
                    place.generate(500, name: "a").split(separator: "/").last.map { String($0) } ?? "")
                _ = try place.generate(500, name: "b")
                _ = try place.generate(500, seed: 2, name: "c")
                #expect(try place.read("b") == first)
                #expect(try place.read("c") != first)
            }
        }

        @Test func `Digests, statistics and events tell the same story`() async throws {
            try await Workspace.run { place in
                #expect(try place.importFile(place.generate(1000), into: place.data).status == 0)
                let live = try place.digest(place.data)
                #expect(live["position"] == .integer(1000))
                #expect(try place.rebuiltDigest(place.data) == live)
                let events = try place.export(place.data)
                let counts = Dictionary(grouping: events) { $0["type"]?.string ?? "" }.mapValues(\.count)
                let stats = try place.martlet("stats", "--data", place.data)
                #expect(stats.status == 0)
                #expect(stats.output.hasPrefix("position 1000\n"))
                var rows: [String: Int] = [:]
                for line in stats.output.split(separator: "\n") {
                    let words = line.split(separator: " ")
                    if words.count > 1 { rows[String(words[0])] = Int(words[1]) }
                }
                for (type, count) in counts { #expect(rows[type] == count, "\(type)") }
                #expect(rows["accounts"] == counts["account_registered"])
                #expect(rows["posts"] == counts["post_published", default: 0] - counts["post_deleted", default: 0])
                let beyond = try place.martlet("export", "--data", place.data, "--from", "1001")
                #expect(beyond.status == 1)
                #expect(beyond.errors.contains("1000"))
                #expect(try place.martlet("export", "--data", place.data, "--from", "9", "--until", "5").status == 1)
            }
        }
    }
}
