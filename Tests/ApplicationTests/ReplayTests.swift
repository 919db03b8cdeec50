import EventLog
import FoundationEssentials
import Glibc
import Microblog
import PlainViews
import Projections
import TestSupport
import Testing

@testable import Application

/// The state of any moment is what a server that stopped there holds.
@Suite struct ReplayTests {
    private static let start: Int64 = 1_700_000_000_000

    /// Opens a data directory whose log has the first events of a history: every third has the time of the one before
    /// it.
    private func with<Result>(
        _ data: DataOfTest, _ events: some Sequence<RecordedEvent>, _ body: (Martlet) async throws -> Result
    ) async throws -> Result {
        try await data.open { martlet in
            for recorded in events {
                let time = Self.time(recorded.position)
                _ = await martlet.append(
                    recorded.event, at: recorded.position, by: recorded.issuer, time: time)
            }
            await martlet.settle()
            return try await body(martlet)
        }
    }

    private static func time(_ position: UInt64) -> Int64 { start + Int64(position / 3 * 3) * 1000 }

    private func replay(_ data: DataOfTest) throws -> OfflineRebuild {
        try OfflineRebuild(data: data.path, memory: 0, mapSize: 1 << 28) { _ in }
    }

    @Test(arguments: 40...44 as ClosedRange<UInt64>)
    func `A replay until a moment is what a server that stopped there holds`(seed: UInt64) async throws {
        var history = RandomHistory(seed: seed)
        history.grow(to: 300)
        var random = SplitMix64(seed: seed)
        let whole = DataOfTest()
        try await with(whole, history.events) { _ in }
        for position in [1, 2, 300] + (0..<4).map({ _ in 1 + random.below(300) }) {
            let part = DataOfTest()
            let expected = try await with(part, history.events.prefix(position)) { try $0.digests() }
            let target = TemporaryDirectory()
            let (report, store) = try await replay(whole).build(into: target.path, until: UInt64(position))
            #expect(report.position == UInt64(position))
            let built = try store.digests()
            #expect(built.position == UInt64(position))
            #expect(built.digests == expected, "until \(position)")
        }
    }

    @Test func `A server of the past shows its moment and changes nothing`() async throws {
        var history = RandomHistory(seed: 50)
        history.grow(to: 200)
        let data = DataOfTest()
        var expected: [ReadModelDigest] = []
        try await with(data, history.events.prefix(120)) { martlet in expected = try martlet.digests() }
        try await with(data, history.events.dropFirst(120)) { _ in }
        let before = try data.export()
        // Beside one that serves the present: in this process it cannot be the same directory, so after it.
        let time = Timestamp(Self.time(120))
        let past = try await Martlet(asOf: .position(120), data: data.path)
        #expect(past.isReady)
        #expect(past.newest.position == 120)
        #expect(past.newest.time == time)
        #expect(try past.digests() == expected)
        await #expect(throws: CommandFailure.self) {
            try await past.execute(.likePost(LikePost(PostID(1))), by: .account(AccountID(1)))
        }
        try await past.close()
        #expect(try data.export() == before)
        try await data.open { martlet in
            await martlet.settle()
            #expect(martlet.newest.position == 200)
        }
    }

    @Test func `A time stands for the newest event that is not younger`() async throws {
        var history = RandomHistory(seed: 51)
        history.grow(to: 30)
        let data = DataOfTest()
        try await with(data, history.events) { _ in }
        let replay = try replay(data)
        func position(_ time: Int64) throws -> UInt64 { try replay.position(of: .time(Timestamp(time))) }
        #expect(try position(Self.start) == 2)
        #expect(try position(Self.start + 2999) == 2)
        #expect(try position(Self.start + 3000) == 5)
        #expect(try position(Self.start + 9_999_999) == 30)
        #expect(throws: MomentError.self) { try position(Self.start - 1) }
        #expect(throws: MomentError.self) { try replay.position(of: .position(31)) }
    }

    @Test func `A target that is not empty is refused and left alone`() async throws {
        var history = RandomHistory(seed: 52)
        history.grow(to: 30)
        let data = DataOfTest()
        try await with(data, history.events) { _ in }
        let target = TemporaryDirectory()
        try Data("mine".utf8).write(to: URL(filePath: target.path + "/note"))
        await #expect(throws: EmptyDirectoryError.self) {
            try await replay(data).build(into: target.path, until: 30)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: target.path) == ["note"])
    }

    @Test func `A replay in place takes the place of the old generation`() async throws {
        var history = RandomHistory(seed: 53)
        history.grow(to: 300)
        let data = DataOfTest()
        let live = try await with(data, history.events) { try $0.digests() }
        let directory = try DataDirectory(data.path, create: false)
        let (report, store) = try await replay(data).rebuild(directory)
        #expect(report.position == 300)
        #expect(try store.digests().digests == live)
        let views = try FileManager.default.contentsOfDirectory(atPath: data.path + "/views").sorted()
        #expect(views == ["2", "current"])
    }

    @Test func `The next start clears what a killed replay left`() async throws {
        var history = RandomHistory(seed: 54)
        history.grow(to: 100)
        let data = DataOfTest()
        try await with(data, history.events) { _ in }
        // As a process leaves it that is killed: files without a lock.
        for path in ["/scratch/77-5/views/1", "/views/2"] {
            try FileManager.default.createDirectory(atPath: data.path + path, withIntermediateDirectories: true)
            try Data("half".utf8).write(to: URL(filePath: data.path + path + "/data.mdb"))
        }
        try Data().write(to: URL(filePath: data.path + "/scratch/77-5/lock"))
        let used = try Scratch(in: DataLayout(data.path))
        try await with(data, []) { martlet in #expect(martlet.isReady) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: data.path + "/views").sorted() == ["1", "current"])
        let left = try FileManager.default.contentsOfDirectory(atPath: data.path + "/scratch")
        #expect(left.map { data.path + "/scratch/" + $0 } == [used.path])
    }
}
