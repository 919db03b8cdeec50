import ContractChecks
import HTTPServer
import Testing
import Threads

@testable import HTTPAdapter

/// Many clients at once; also run under the thread sanitizer.
@Suite struct ConcurrentClientsTests {
    /// Runs a body on so many threads at once and waits for all.
    private func together(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws {
        let problems = Guarded<[String]>([])
        let threads = (0..<count).map { index in
            OwnedThread(name: "client-\(index)") {
                do { try body(index) } catch { problems.withLock { $0.append("\(error)") } }
            }
        }
        for thread in threads { thread.join() }
        #expect(problems.withLock { $0 } == [])
    }

    @Test(arguments: Transport.allCases) func `Every account sees its own writes at once while all write`(
        transport: Transport
    ) async throws {
        try await LiveServer.with { $0.http.server.loops = 2 }.run(transport) { live in
            var keys: [(key: String, id: Int)] = []
            for index in 0..<6 {
                let client = try await live.register("u\(index)")
                keys.append((client.key!, client.id))
            }
            let (wire, accounts) = (live.wire, keys)
            let wrong = Guarded(0)
            try together(6) { index in
                let me = APIClient(wire, key: accounts[index].key, id: accounts[index].id, name: "")
                for round in 0..<15 {
                    let posted = try me.post("/api/tweets", "{\"tweet_data\": \"\(round)\"}")
                    let id = posted.json?["tweet_id"]?.integer ?? 0
                    let liked = try me.post("/api/tweets/\(id)/likes")
                    let seen = try me.get("/api/tweets/\(id)").json?["tweet"]
                    let isRight = posted.status == 201 && liked.status == 200 && seen?["liked"] == .boolean(true)
                    if !isRight { wrong.withLock { $0 += 1 } }
                }
            }
            #expect(wrong.withLock { $0 } == 0)
            #expect(live.position == 6 + 6 * 15 * 2)
        }
    }

    @Test(arguments: Transport.allCases) func `Of many that like the same tweet at once each is counted once`(
        transport: Transport
    ) async throws {
        try await LiveServer.with { $0.http.server.loops = 2 }.run(transport) { live in
            let ann = try await live.register("ann")
            let tweet = try ann.tweet("x")
            for index in 0..<4 { _ = try await live.register("u\(index)") }
            let position = live.position
            let wire = live.wire
            try together(8) { index in
                let fan = APIClient(wire, key: "key-u\(index % 4)")
                for _ in 0..<10 { try fan.post("/api/tweets/\(tweet)/likes") }
            }
            #expect(live.position == position + 4)
            #expect(try ann.read(tweet)["likes_count"] == .integer(4))
        }
    }

    @Test(arguments: Transport.allCases)
    func `The same request sent by many at once with one key is one event and one answer`(transport: Transport)
        async throws
    {
        try await LiveServer.with { $0.http.server.loops = 2 }.run(transport) { live in
            _ = try await live.register("ann")
            let position = live.position
            let wire = live.wire
            let answers = Guarded<Set<Int>>([])
            try together(8) { _ in
                let client = APIClient(wire, key: "key-ann")
                for round in 0..<10 {
                    let answer = try client.post(
                        "/api/tweets", "{\"tweet_data\": \"\(round)\"}", headers: "Idempotency-Key: \(round)\r\n")
                    let id = answer.json?["tweet_id"]?.integer ?? 0
                    answers.withLock { _ = $0.insert(id) }
                }
            }
            #expect(live.position == position + 10)
            #expect(answers.withLock { $0.count } == 10)
        }
    }

    @Test(arguments: Transport.allCases) func `Readers see whole pages while others write and delete`(
        transport: Transport
    ) async throws {
        try await LiveServer.with { $0.http.server.loops = 2 }.run(transport) { live in
            _ = try await live.register("ann")
            let wire = live.wire
            let faults = Guarded<[String]>([])
            try together(4) { index in
                let client = APIClient(wire, key: "key-ann")
                for round in 0..<25 {
                    if index == 0 {
                        let id = try client.post("/api/tweets", "{\"tweet_data\": \"\(round)\"}").json?["tweet_id"]?
                            .integer
                        if round % 3 == 0, let id { try client.delete("/api/tweets/\(id)") }
                    } else {
                        let found = Shape.page("tweets", of: .tweet).faults(of: try client.get("/api/tweets").json)
                        faults.withLock { $0 += found }
                    }
                }
            }
            #expect(faults.withLock { $0 } == [])
        }
    }
}
