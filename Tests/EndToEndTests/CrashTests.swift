import ContractChecks
import FoundationEssentials
import TestSupport
import Testing
import Threads

extension EndToEnd {
    /// The server is killed while many write, and started again.
    @Suite struct CrashTests {
        /// What one client sent, and what it was told.
        struct Record: Sendable {
            /// The ids of the tweets that were acknowledged, by their texts.
            var acknowledged: [String: Int] = [:]
            /// What was sent last and not answered.
            var pending: String?
        }

        /// Writes tweets, one after the other, until the server is gone.
        private static func write(_ writer: Int, round: Int, port: UInt16, count: Guarded<Int>) -> Record {
            var record = Record()
            guard let connection = try? HTTPConnection(port: port, key: "key-w\(writer)") else { return record }
            for number in 0..<100_000 {
                let text = "round \(round) writer \(writer) number \(number)"
                record.pending = text
                let answer = try? connection.call(
                    "POST", "/api/tweets", "{\"tweet_data\": \"\(text)\"}",
                    headers: "Idempotency-Key: \(text.replacing(" ", with: "-"))\r\n")
                guard let answer else { break }
                if answer.status == 201, let id = answer.json?["tweet_id"]?.integer { record.acknowledged[text] = id }
                record.pending = nil
                count.withLock { $0 += 1 }
            }
            return record
        }

        @Test func `After kill -9 everything acknowledged is there, and besides at most what was under way`()
            async throws
        {
            try await Workspace.run { place in
                for writer in 0..<6 { try place.account("w\(writer)") }
                var random = SplitMix64(seed: 9)
                var acknowledged: [String: Int] = [:]
                var allowed: Set<String> = []
                for round in 0..<4 {
                    let server = try place.serve("--loops", "2")
                    let port = server.port
                    let count = Guarded(0)
                    let records = Guarded<[Record]>([])
                    let writers = (0..<6).map { writer in
                        OwnedThread(name: "writer-\(writer)") {
                            let record = Self.write(writer, round: round, port: port, count: count)
                            records.withLock { $0.append(record) }
                        }
                    }
                    let goal = Int.random(in: 30...250, using: &random)
                    try wait(for: "\(goal) tweets") { count.withLock { $0 } >= goal }
                    server.kill()
                    for writer in writers { writer.join() }
                    for record in records.withLock({ $0 }) {
                        acknowledged.merge(record.acknowledged) { $1 }
                        allowed.formUnion(record.pending.map { [$0] } ?? [])
                    }

                    let events = try place.export(place.data)
                    #expect(events.map { $0["position"] } == (1...events.count).map { .integer($0) })
                    let published = events.filter { $0["type"] == .string("post_published") }
                    var ids: [String: Int] = [:]
                    for event in published { ids[event["data"]?["text"]?.string ?? ""] = event["position"]?.integer }
                    #expect(ids.count == published.count, "a tweet is there twice")
                    for (text, id) in acknowledged { #expect(ids[text] == id, "\(text) was acknowledged") }
                    let besides = Set(ids.keys).subtracting(acknowledged.keys)
                    #expect(besides.isSubset(of: allowed), "\(besides.subtracting(allowed)) was never sent")

                    let digest = try place.digest(place.data)
                    if round % 2 == 1 { #expect(try place.rebuiltDigest(place.data) == digest) }
                }
                let server = try place.serve()
                let client = try server.connect("key-w0")
                for (text, id) in acknowledged {
                    let answer = try client.call("GET", "/api/tweets/\(id)")
                    #expect(answer.json?["tweet"]?["content"] == .string(text))
                }
                // What was under way is sent again with its key: it is there once, whether it had arrived or not.
                for text in allowed.sorted() {
                    let writer = text.split(separator: " ")[3]
                    let key = "Idempotency-Key: \(text.replacing(" ", with: "-"))\r\n"
                    let answer = try server.connect("key-w\(writer)").call(
                        "POST", "/api/tweets", "{\"tweet_data\": \"\(text)\"}", headers: key)
                    #expect(answer.status == 201)
                }
                #expect(try server.stop().status == 0)
                let texts = try place.export(place.data).compactMap { $0["data"]?["text"]?.string }
                #expect(Set(texts).count == texts.count)
                #expect(Set(texts) == Set(acknowledged.keys).union(allowed))
            }
        }

        @Test(arguments: [("TERM", 15 as Int32), ("INT", 2)])
        func `A signal ends the server with 0, answers what is under way, and the next start is clean`(
            name: String, signal: Int32
        ) async throws {
            try await Workspace.run { place in
                for writer in 0..<4 { try place.account("w\(writer)") }
                let server = try place.serve()
                let port = server.port
                let count = Guarded(0)
                let records = Guarded<[Record]>([])
                let writers = (0..<4).map { writer in
                    OwnedThread(name: "writer-\(writer)") {
                        let record = Self.write(writer, round: 0, port: port, count: count)
                        records.withLock { $0.append(record) }
                    }
                }
                try wait(for: "some tweets") { count.withLock { $0 } >= 40 }
                let outcome = try server.stop(signal)
                for writer in writers { writer.join() }
                #expect(outcome.status == 0)
                #expect(outcome.errors.contains("signal \(signal), stopping"))
                var acknowledged: [String: Int] = [:]
                for record in records.withLock({ $0 }) { acknowledged.merge(record.acknowledged) { $1 } }
                let next = try place.serve()
                #expect(try next.position() >= 4 + acknowledged.count)
                let client = try next.connect("key-w0")
                for (text, id) in acknowledged {
                    #expect(try client.call("GET", "/api/tweets/\(id)").json?["tweet"]?["content"] == .string(text))
                }
                #expect(try next.stop().status == 0)
                let digest = try place.digest(place.data)
                #expect(try place.rebuiltDigest(place.data) == digest)
            }
        }

        @Test func `What a stopped server had said is said again after a restart`() async throws {
            try await Workspace.run { place in
                try place.account("ann")
                var server = try place.serve()
                let key = "Idempotency-Key: once\r\n"
                let body = "{\"tweet_data\": \"once\"}"
                let first = try server.connect("key-ann").call("POST", "/api/tweets", body, headers: key)
                let wrong = try server.connect("key-ann").call(
                    "POST", "/api/tweets/99/likes", headers: "Idempotency-Key: no\r\n")
                #expect(first.status == 201)
                #expect(wrong.status == 404)
                let position = try server.position()
                for isKilled in [false, true] {
                    if isKilled { server.kill() } else { #expect(try server.stop().status == 0) }
                    server = try place.serve()
                    let again = try server.connect("key-ann").call("POST", "/api/tweets", body, headers: key)
                    #expect(again.status == 201)
                    #expect(again.json == first.json)
                    let refused = try server.connect("key-ann").call(
                        "POST", "/api/tweets/99/likes", headers: "Idempotency-Key: no\r\n")
                    #expect(refused.json == wrong.json)
                    let other = try server.connect("key-ann").call(
                        "POST", "/api/tweets", "{\"tweet_data\": \"twice\"}", headers: key)
                    #expect(other.status == 422)
                    #expect(try server.position() == position)
                }
            }
        }
    }
}
