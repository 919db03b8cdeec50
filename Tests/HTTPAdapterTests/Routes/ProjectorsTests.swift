import ContractChecks
import EventLog
import LMDB
import Microblog
import Projections
import Testing
import Threads

@testable import Application
@testable import HTTPAdapter
@testable import Projections

@Suite struct ProjectorsTests {
    private static let projector = Shape.object([
        "name": .string, "version": .integer, "position": .integer, "lag_events": .integer, "lag_seconds": .number,
        "events_per_second": .number, "state": .string, "percent": .optional(.number), "reason": .optional(.string),
    ])
    private static let running = Shape.object([
        "state": .string, "started_at": .string, "events": .integer, "percent": .number, "seconds": .number,
        "eta_seconds": .optional(.number),
    ])
    private static let done = Shape.object([
        "state": .string, "started_at": .string, "position": .integer, "events": .integer, "seconds": .number,
        "events_per_second": .number, "swap_milliseconds": .number,
    ])

    private static func answer(_ rebuild: Shape) -> Shape {
        .done([
            "log": .object(["position": .integer, "time": .optional(.string)]), "projectors": .list(projector),
            "rebuild": rebuild,
        ])
    }

    private func rebuild(_ admin: APIClient) throws -> JSONValue? {
        try admin.get("/admin/projectors").json?["rebuild"]
    }

    /// Waits until the rebuild is over.
    private func waitForRebuild(_ admin: APIClient) throws -> JSONValue? {
        var status = try rebuild(admin)
        while status?["state"] == .string("running") { status = try rebuild(admin) }
        return status
    }

    private func states(_ admin: APIClient) throws -> [String?] {
        try admin.get("/admin/projectors").json?["projectors"]?.array?.map { $0["state"]?.string } ?? []
    }

    @Test(arguments: Transport.allCases) func `An admin sees where each projector is`(transport: Transport) async throws
    {
        try await LiveServer.run(transport) { live in
            let admin = try await live.register("admin", role: .admin)
            try admin.tweet("x")
            let answer = try admin.get("/admin/projectors")
            #expect(answer.status == 200)
            #expect(Self.answer(.object(["state": .string])).faults(of: answer.json) == [])
            #expect(answer.json?["log"]?["position"] == .integer(2))
            let projectors = answer.json?["projectors"]?.array ?? []
            #expect(projectors.map { $0["name"]?.string } == ReadModel.allCases.map(\.name))
            #expect(projectors.map { $0["version"] } == ReadModel.allCases.map { .integer(Int($0.version)) })
            for projector in projectors {
                #expect(projector["position"] == .integer(2))
                #expect(projector["lag_events"] == .integer(0))
                #expect(projector["state"] == .string("live"))
            }
            #expect(answer.json?["rebuild"]?["state"] == .string("none"))
        }
    }

    @Test(arguments: Transport.allCases) func `An admin has all read models built anew`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let admin = try await live.register("admin", role: .admin)
            let tweet = try admin.tweet("x")
            try admin.like(tweet)
            let digests = try live.martlet.views.store.digests().digests
            for number in 1...2 {
                let begun = try admin.post("/admin/replay")
                #expect(begun.status == 202)
                #expect(begun.position == 3)
                let ended = try waitForRebuild(admin)
                #expect(Self.done.faults(of: ended) == [])
                #expect(ended?["state"] == .string("done"))
                #expect(ended?["position"] == .integer(3))
                #expect(ended?["started_at"] == begun.json?["rebuild"]?["started_at"])
                #expect(live.martlet.views.current.number == 1 + number)
                #expect(try live.martlet.views.store.digests().digests == digests)
                #expect(try admin.read(tweet)["likes_count"] == .integer(1))
            }
            #expect(try admin.get("/metrics").text.contains("\nmartlet_rebuild_state{state=\"done\"} 1\n"))
            #expect(live.position == 3)
        }
    }

    @Test(arguments: Transport.allCases) func `Only an admin sees the projectors and begins a rebuild`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let ann = try await live.register("ann")
            for client in [ann, live.stranger.another(key: "unknown")] {
                let status = client.key == ann.key ? 403 : 401
                #expect(try client.get("/admin/projectors").status == status)
                #expect(try client.post("/admin/replay").status == status)
            }
            #expect(live.martlet.rebuildStatus.start == nil)
        }
    }

    @Test(arguments: Transport.allCases)
    func `While the projection hangs its projectors are stalled, and a rebuild that waits for it keeps others out`(
        transport: Transport
    )
        async throws
    {
        try await LiveServer.run(transport) { live in
            let admin = try await live.register("admin", role: .admin)
            let ann = try await live.register("ann")
            let environment = live.martlet.views.store.environment
            let isHeld = Watermark(0)
            let mayEnd = Watermark(0)
            // LMDB lets in one writer at a time, so the follower waits for this one.
            let writer = OwnedThread(name: "writer") {
                try? environment.write { _ in
                    isHeld.advance(to: 1)
                    _ = mayEnd.wait(beyond: 0)
                }
            }
            #expect(isHeld.wait(beyond: 0) == 1)
            let tweet = Command.publishPost(PublishPost(text: "x", replyTo: nil, media: []))
            let isVisible = Watermark(0)
            live.martlet.execute(tweet, by: .account(AccountID(UInt64(ann.id)))) { _ in isVisible.advance(to: 1) }
            while live.position < 3 { try await Task.sleep(for: .milliseconds(5)) }
            #expect(try admin.post("/admin/replay").status == 202)
            let again = try admin.post("/admin/replay")
            #expect(again.status == 409)
            #expect(again.errorType == "rebuild_running")
            let answer = try admin.get("/admin/projectors")
            #expect(Self.answer(Self.running).faults(of: answer.json) == [])
            #expect(answer.json?["projectors"]?[0]?["lag_events"] == .integer(1))
            while try states(admin) != Array(repeating: "stalled", count: ReadModel.allCases.count) {
                try await Task.sleep(for: .milliseconds(50))
            }
            let text = try admin.get("/metrics").text
            #expect(text.contains("\nmartlet_read_model_state{model=\"posts\",state=\"stalled\"} 1\n"))
            #expect(text.contains("\nmartlet_rebuild_state{state=\"running\"} 1\n"))
            #expect(try ann.get("/api/users/me").status == 200)
            mayEnd.advance(to: 1)
            writer.join()
            #expect(isVisible.wait(beyond: 0) == 1)
            #expect(try waitForRebuild(admin)?["position"] == .integer(3))
            while try states(admin) != Array(repeating: "live", count: ReadModel.allCases.count) {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    @Test(arguments: Transport.allCases)
    func `A stopped projector tells why, and the status can be asked for whichever it is`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let admin = try await live.register("admin", role: .admin)
            try admin.tweet("x")
            live.martlet.states.stop(.likes, at: 1, because: "a test says so")
            var likes = try admin.get("/admin/projectors").json?["projectors"]?[3]
            #expect(likes?["state"] == .string("stopped"))
            #expect(likes?["reason"] == .string("a test says so"))
            #expect(likes?["position"] == .integer(1))
            #expect(likes?["lag_events"] == .integer(1))
            live.martlet.states.stop(.accounts, at: 1, because: "here too")
            #expect(try admin.get("/api/users/me").status == 503)
            #expect(try admin.get("/admin/projectors").status == 200)
            // The next generation brings both.
            #expect(try admin.post("/admin/replay").status == 202)
            _ = try waitForRebuild(admin)
            likes = try admin.get("/admin/projectors").json?["projectors"]?[3]
            #expect(likes?["state"] == .string("live"))
            #expect(try admin.get("/api/users/me").status == 200)
        }
    }

    @Test(arguments: Transport.allCases)
    func `Read models that are being rebuilt say how far that is, and hide the accounts`(transport: Transport)
        async throws
    {
        try await LiveServer.run(transport) { live in
            let admin = try await live.register("admin", role: .admin)
            live.martlet.states.stop(.posts, at: 1, because: "another version built it", rebuilding: true)
            #expect(try admin.get("/admin/projectors").status == 200)
            live.martlet.states.stop(.accounts, at: 1, because: "another version built it", rebuilding: true)
            #expect(try admin.get("/admin/projectors").status == 503)
            #expect(try admin.get("/metrics").status == 200)
        }
    }

    @Test(arguments: Transport.allCases) func `When the log cannot be read any further no rebuild begins`(
        transport: Transport
    ) async throws {
        try await LiveServer.run(transport) { live in
            let admin = try await live.register("admin", role: .admin)
            let unknown = NewEvent(streams: [(StreamName("weather/1"), nil)], type: 99, actor: 0)
            await withCheckedContinuation { continuation in
                live.martlet.log?.submit(
                    Proposal { _ in
                        .append(unknown)
                    } completion: { _ in
                        continuation.resume()
                    })
            }
            while try states(admin).contains("live") { try await Task.sleep(for: .milliseconds(5)) }
            let answer = try admin.get("/admin/projectors")
            let projectors = answer.json?["projectors"]?.array ?? []
            #expect(projectors.allSatisfy { $0["state"] == .string("stopped") })
            #expect(projectors.allSatisfy { $0["reason"]?.string?.contains("99") ?? false })
            #expect(try admin.post("/admin/replay").status == 503)
        }
    }
}
