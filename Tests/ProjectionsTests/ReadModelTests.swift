import LMDB
import Microblog
import PlainMicroblog
import PlainViews
import TestSupport
import Testing

@testable import Projections

/// The one list of read models: each has tables of its own, and a rebuild builds all of them and marks no other.
@Suite struct ReadModelTests {
    @Test func `Every table of the environment belongs to exactly one read model or to the store itself`() throws {
        let directory = TemporaryDirectory()
        let store = try ViewStore(directory: directory.path, mapSize: 1 << 24)
        let names = try PageSnapshot(store.environment).tables().map(\.name)
        let owned = ReadModel.allCases.flatMap { store.tables.tables(of: $0).map(\.name) }
        #expect((owned + ["checkpoints", "meta"]).sorted() == names.sorted())
        #expect(store.tables.all.map(\.name).sorted() == names.sorted())
        for model in ReadModel.allCases { #expect(!store.tables.tables(of: model).isEmpty, "\(model)") }
    }

    @Test(arguments: [0, 1 << 30])
    func `A rebuild leaves a checkpoint for each read model, and every table as it is live`(memory: Int) async throws {
        var history = RandomHistory(seed: 90)
        history.grow(to: 900)
        let events = history.events
        try await ProjectedViews.with { live in
            for start in stride(from: 0, to: events.count, by: 37) {
                try await live.apply(events[start..<min(start + 37, events.count)])
            }
            try await withRebuilt(events, memory: memory) { rebuilt in
                // What nobody built would be empty, whatever its checkpoint says.
                for (model, table, rows, _) in try rebuilt.statistics() { #expect(rows > 0, "\(model): \(table)") }
                for model in ReadModel.allCases {
                    for (one, other) in zip(live.store.tables.tables(of: model), rebuilt.tables.tables(of: model)) {
                        #expect(try rows(live.store, one) == rows(rebuilt, other), "\(model): \(one.name)")
                    }
                }
                let expected = Dictionary(
                    uniqueKeysWithValues: ReadModel.allCases.map {
                        ($0.name, Checkpoint(version: $0.version, position: UInt64(events.count)))
                    })
                #expect(try checkpoints(rebuilt) == expected)
                #expect(try checkpoints(live.store) == expected)
            }
        }
    }

    @Test func `A rebuild that a projector ends leaves no checkpoint`() async throws {
        var history = RandomHistory(seed: 91)
        history.grow(to: 300)
        let (author, post) = history.views.accounts.keys.lazy
            .compactMap { id in history.views.posts(by: id).first.map { (id, $0) } }.first!
        for _ in 0..<50 { history.append(.postUnliked(PostUnliked(post)), by: .account(author)) }
        let directory = TemporaryDirectory()
        let store = try ViewStore(directory: directory.path, mapSize: 1 << 28)
        await #expect(throws: RebuildError.self) { try await rebuild(history.events, in: store, memory: 0) }
        #expect(try checkpoints(store) == [:])
        #expect(try store.read { try $0.position() } == 0)
    }

    private func rows(_ store: ViewStore, _ table: Table) throws -> [[UInt8]: [UInt8]] {
        var rows: [[UInt8]: [UInt8]] = [:]
        try store.environment.read { transaction in
            try transaction.withCursor(table) { cursor in
                while let row = try cursor.next() { rows[Array(row.key)] = Array(row.value) }
            }
        }
        return rows
    }

    private func checkpoints(_ store: ViewStore) throws -> [String: Checkpoint] {
        try rows(store, store.tables.checkpoints).reduce(into: [:]) { found, row in
            found[String(decoding: row.key, as: UTF8.self)] = try row.value.withUnsafeBytes { try Checkpoint($0) }
        }
    }
}
