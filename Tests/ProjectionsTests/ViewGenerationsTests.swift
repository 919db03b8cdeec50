import Files
import FoundationEssentials
import LMDB
import PlainViews
import TestSupport
import Testing
import Threads

@testable import Projections

/// Which generation of read models is trusted at a start, and which is built anew.
@Suite struct ViewGenerationsTests {
    private static let log: [UInt8] = Array(repeating: 7, count: 16)
    private let directory = TemporaryDirectory()

    private var views: String { directory.path + "/views" }

    private func open(log: [UInt8] = log, head: UInt64 = 100) throws -> ViewGenerations {
        try ViewGenerations(directory: views, log: log, head: head, mapSize: 1 << 26)
    }

    /// A generation with a hundred events in it; closed in order or left as after a crash of the process.
    private func build(clean: Bool) async throws {
        var history = RandomHistory(seed: 1)
        history.grow(to: 100)
        let thread = ThreadExecutor(name: "projection")
        defer { thread.stop() }
        let generations = try open()
        #expect(generations.position == 0)
        #expect(generations.current.number == 1)
        let projection = Projection(
            generations.store, EventArray(history.events), from: 0, on: [thread], states: ProjectionStates())
        try await projection.apply(EventBatch(history.events))
        if clean { try generations.close() }
    }

    private func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: views + "/" + name)), as: UTF8.self)
    }

    private func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: views + "/" + name))
    }

    private func generations() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: views).sorted()
    }

    /// Changes a row of the generation as no projector would.
    private func change(_ table: String, _ key: String, _ value: [UInt8]) throws {
        let environment = try Environment(path: views + "/1", mapSize: 1 << 26, durability: .onSync)
        let table = try environment.table(table)
        try environment.write { transaction in
            try Array(key.utf8).withUnsafeBytes { key in
                try value.withUnsafeBytes { try transaction.put(table, key, $0) }
            }
        }
    }

    private func expectNewGeneration(
        log: [UInt8] = log, head: UInt64 = 100, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let generations = try open(log: log, head: head)
        #expect(generations.current.number == 2, sourceLocation: sourceLocation)
        #expect(generations.position == 0, sourceLocation: sourceLocation)
        #expect(try generations.store.read { try $0.position() } == 0, sourceLocation: sourceLocation)
        #expect(try self.generations() == ["2", "current"], sourceLocation: sourceLocation)
        #expect(try text("current") == "2\n", sourceLocation: sourceLocation)
    }

    @Test func `Views of a version that had fewer tables are not read, and the error says so`() async throws {
        let path = views + "/1"
        try Directory.make(views)
        try Directory.make(path)
        do {
            let environment = try Environment(path: path, mapSize: 1 << 26, durability: .onSync)
            _ = try environment.table("accounts")
            try environment.sync()
        }
        try SmallFile.replace(path + "/trust", with: "clean")
        try SmallFile.replace(views + "/current", with: "1")
        let error = #expect(throws: UntrustedViews.self) { try ViewGenerations.read(directory: views) }
        #expect(error?.description.contains("\(path) were built by another version of martlet;") == true)
    }

    @Test func `A generation that was closed in order is trusted`() async throws {
        try await build(clean: true)
        #expect(try text("1/trust") == "clean\n")
        let generations = try open()
        #expect(generations.current.number == 1)
        #expect(generations.position == 100)
        #expect(try text("1/trust") != "clean\n")
        #expect(try text("current") == "1\n")
    }

    @Test func `A generation of a crashed process is trusted in the same boot`() async throws {
        try await build(clean: false)
        #expect(try open().position == 100)
    }

    @Test func `A generation of another boot is built anew`() async throws {
        try await build(clean: false)
        try write("11111111-2222-3333-4444-555555555555\n", to: "1/trust")
        try expectNewGeneration()
    }

    @Test(arguments: ["", "unknown\n", "cle"])
    func `A generation with another trust is built anew`(trust: String) async throws {
        try await build(clean: true)
        try write(trust, to: "1/trust")
        try expectNewGeneration()
    }

    @Test func `A generation without trust is built anew`() async throws {
        try await build(clean: true)
        try FileManager.default.removeItem(atPath: views + "/1/trust")
        try expectNewGeneration()
    }

    @Test func `The views of another log are built anew`() async throws {
        try await build(clean: true)
        try expectNewGeneration(log: Array(repeating: 8, count: 16))
    }

    @Test func `Views ahead of the log are built anew`() async throws {
        try await build(clean: true)
        try expectNewGeneration(head: 99)
    }

    @Test func `Views behind the log go on`() async throws {
        try await build(clean: true)
        #expect(try open(head: 500).position == 100)
    }

    @Test func `A read model of another version of its projector is outdated and the others go on`() async throws {
        try await build(clean: true)
        try change("checkpoints", "likes", Checkpoint(version: ReadModel.likes.version + 1, position: 100).bytes)
        let generations = try open()
        #expect(generations.current.number == 1)
        #expect(generations.position == 100)
        #expect(generations.outdated == [.likes])
    }

    @Test func `A read model that stopped is outdated and the others go on`() async throws {
        try await build(clean: true)
        try change("checkpoints", "accounts", Checkpoint(version: ReadModel.accounts.version, position: 99).bytes)
        let generations = try open()
        #expect(generations.position == 100)
        #expect(generations.outdated == [.accounts])
    }

    @Test func `Views of which nothing can go on are built anew`() async throws {
        try await build(clean: true)
        for model in ReadModel.allCases {
            try change("checkpoints", model.name, Checkpoint(version: model.version + 1, position: 100).bytes)
        }
        try expectNewGeneration()
    }

    @Test(arguments: [("checkpoints", "media"), ("meta", "position"), ("meta", "log")])
    func `Views with a damaged checkpoint are built anew`(table: String, key: String) async throws {
        try await build(clean: true)
        try change(table, key, [1, 2, 3])
        try expectNewGeneration()
    }

    @Test func `A file that is not a database is built anew`() async throws {
        try await build(clean: true)
        var random = SplitMix64(seed: 9)
        let garbage = (0..<65_536).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        try Data(garbage).write(to: URL(filePath: views + "/1/data.mdb"))
        try expectNewGeneration()
    }

    @Test func `A file that is gone or empty is built anew`() async throws {
        try await build(clean: true)
        try Data().write(to: URL(filePath: views + "/1/data.mdb"))
        try expectNewGeneration()
        try FileManager.default.removeItem(atPath: views + "/2/data.mdb")
        let generations = try open()
        #expect(generations.current.number == 3)
        #expect(generations.position == 0)
    }

    @Test(arguments: ["", "seven\n"])
    func `Without a readable current everything is built anew`(current: String) async throws {
        try await build(clean: true)
        try write(current, to: "current")
        let generations = try open()
        #expect(generations.current.number == 1)
        #expect(generations.position == 0)
        #expect(try self.generations() == ["1", "current"])
    }

    @Test func `Leftovers of other generations are removed and nothing else`() async throws {
        try await build(clean: true)
        for leftover in ["2", "17", "notes"] {
            try FileManager.default.createDirectory(
                atPath: views + "/" + leftover, withIntermediateDirectories: false)
            try write("x", to: leftover + "/data.mdb")
        }
        #expect(try open().position == 100)
        #expect(try generations() == ["1", "current", "notes"])
    }

    @Test func `A current that names no directory begins a new one`() throws {
        try FileManager.default.createDirectory(atPath: views, withIntermediateDirectories: false)
        try write("5\n", to: "current")
        let generations = try open()
        #expect(generations.current.number == 6)
        #expect(generations.position == 0)
    }
}
