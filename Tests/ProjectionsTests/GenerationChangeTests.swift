import Files
import FoundationEssentials
import PlainViews
import TestSupport
import Testing
import Threads

@testable import Projections

/// One generation takes the place of another while both are open.
@Suite struct GenerationChangeTests {
    private static let log: [UInt8] = Array(repeating: 7, count: 16)
    private let directory = TemporaryDirectory()

    private var views: String { directory.path + "/views" }

    private func open() throws -> ViewGenerations {
        try ViewGenerations(directory: views, log: Self.log, head: 100, mapSize: 1 << 26)
    }

    private func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: views).sorted()
    }

    /// A next generation with all events in it.
    private func build(_ generations: ViewGenerations) async throws -> ViewGeneration {
        var history = RandomHistory(seed: 1)
        history.grow(to: 100)
        let thread = ThreadExecutor(name: "projection")
        defer { thread.stop() }
        return try await generations.build { store in
            let projection = Projection(
                store, EventArray(history.events), from: 0, on: [thread], states: ProjectionStates())
            try await projection.apply(EventBatch(history.events))
        }
    }

    /// How many of a generation's files this process has open or mapped, the removed ones included.
    private func openFiles(_ number: Int) throws -> Int {
        let path = views + "/\(number)/data.mdb"
        let maps = String(decoding: try Data(contentsOf: URL(filePath: "/proc/self/maps")), as: UTF8.self)
        let links = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + $0)
        }
        return maps.split(separator: "\n").count { $0.contains(path) } + links.count { $0.hasPrefix(path) }
    }

    @Test func `A reader after an exchange reads the next generation`() async throws {
        let generations = try open()
        let reader = ViewReader(generations)
        #expect(try reader.read { try $0.position() } == 0)
        generations.exchange(for: try await build(generations))
        #expect(generations.current.number == 2)
        #expect(try reader.read { try $0.position() } == 100)
        #expect(try generations.read { try $0.position() } == 100)
    }

    @Test func `An exchange that was not settled is forgotten by the next start`() async throws {
        for isPrepared in [false, true] {
            let generations = try open()
            let next = try await build(generations)
            if isPrepared { generations.exchange(for: next) }
            #expect(try files() == ["1", "2", "current"])
            let again = try open()
            #expect(again.current.number == 1)
            #expect(again.position == 0)
            #expect(try files() == ["1", "current"])
        }
    }

    @Test func `An exchange that was settled lasts`() async throws {
        let generations = try open()
        generations.exchange(for: try await build(generations))
        try generations.settle()
        try generations.settle()
        #expect(try files() == ["2", "current"])
        let again = try open()
        #expect(again.current.number == 2)
        #expect(again.position == 100)
    }

    @Test func `Closing settles what was not settled`() async throws {
        let generations = try open()
        generations.exchange(for: try await build(generations))
        try generations.close()
        #expect(try files() == ["2", "current"])
        #expect(try open().current.number == 2)
    }

    @Test func `A generation that cannot be removed stays until the next start`() async throws {
        let generations = try open()
        try FileManager.default.createDirectory(atPath: views + "/1/kept", withIntermediateDirectories: false)
        generations.exchange(for: try await build(generations))
        #expect(throws: FileError.self) { try generations.settle() }
        #expect(try files() == ["1", "2", "current"])
        try FileManager.default.removeItem(atPath: views + "/1/kept")
        #expect(try open().current.number == 2)
        #expect(try files() == ["2", "current"])
    }

    @Test func `Closing removes what could not be removed before`() async throws {
        let generations = try open()
        try FileManager.default.createDirectory(atPath: views + "/1/kept", withIntermediateDirectories: false)
        generations.exchange(for: try await build(generations))
        #expect(throws: FileError.self) { try generations.settle() }
        try FileManager.default.removeItem(atPath: views + "/1/kept")
        try generations.close()
        #expect(try files() == ["2", "current"])
    }

    @Test func `A generation that is closed already is removed all the same`() async throws {
        let generations = try open()
        generations.exchange(for: try await build(generations))
        generations.closeRetired { true }
        try generations.settle()
        #expect(try files() == ["2", "current"])
    }

    @Test func `The files of a retired generation are closed when the last reader has let go`() async throws {
        let generations = try open()
        let reader = ViewReader(generations)
        _ = try reader.read { try $0.position() }
        generations.exchange(for: try await build(generations))
        try generations.settle()
        var asked = 0
        generations.closeRetired {
            asked += 1
            if asked == 3 { reader.refresh() }
            return asked < 1000
        }
        #expect(asked >= 3 && asked < 1000)
        #expect(try openFiles(1) == 0)
        #expect(try openFiles(2) > 0)
    }

    @Test func `A reader that does not let go is not waited for longer than wanted`() async throws {
        let generations = try open()
        let reader = ViewReader(generations)
        _ = try reader.read { try $0.position() }
        generations.exchange(for: try await build(generations))
        generations.closeRetired { false }
        #expect(try openFiles(1) > 0)
        #expect(try reader.read { try $0.position() } == 100)
        #expect(try openFiles(1) == 0)
    }
}
