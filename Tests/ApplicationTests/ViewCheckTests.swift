import EventLog
import FoundationEssentials
import LMDB
import Microblog
import PlainViews
import Projections
import Testing

@testable import Application

/// Whatever is changed in the read models is found, and named by table and key.
@Suite struct ViewCheckTests {
    private func check(_ data: DataOfTest) async throws -> ViewCheck {
        try await ViewCheck.run(data: data.path, memory: 0, mapSize: 1 << 28) { _ in }
    }

    private func filled(seed: UInt64) async throws -> DataOfTest {
        var history = RandomHistory(seed: seed)
        history.grow(to: 400)
        let data = DataOfTest()
        try await data.open { martlet in
            for recorded in history.events {
                _ = await martlet.append(recorded.event, at: recorded.position, by: recorded.issuer)
            }
            await martlet.settle()
        }
        return data
    }

    /// Changes a table as no projector would.
    private func change(
        _ data: DataOfTest, _ table: String,
        _ body: (borrowing WriteTransaction, Table, (key: [UInt8], value: [UInt8])) throws -> Void
    ) throws -> [UInt8] {
        let environment = try Environment(path: data.path + "/views/1", mapSize: 1 << 28, durability: .onSync)
        let table = try environment.table(table)
        return try environment.write { transaction in
            let row = try transaction.withCursor(table) { cursor in
                _ = try cursor.first()
                return try cursor.next().map { (key: Array($0.key), value: Array($0.value)) }
            }
            let found = try #require(row)
            try body(transaction, table, found)
            return found.key
        }
    }

    private func difference(_ check: ViewCheck, _ model: ReadModel) -> ViewDifference? {
        guard case .differs(let row)? = check.findings[model] else { return nil }
        return row
    }

    @Test func `What the log makes is equal`() async throws {
        let data = try await filled(seed: 60)
        let check = try await check(data)
        #expect(check.isGood)
        #expect(check.position == 400)
        #expect(check.obstacle == nil)
        #expect(check.findings.count == ReadModel.allCases.count)
        #expect(check.findings.values.allSatisfy { if case .equal = $0 { true } else { false } })
        #expect(try FileManager.default.contentsOfDirectory(atPath: data.path + "/scratch").isEmpty)
    }

    @Test(arguments: [
        ("accounts", "handles"), ("posts", "posts"), ("posts", "by_likes"), ("likes", "likes"), ("follows", "edges"),
        ("follows", "follow_counts"), ("media", "contents"),
    ])
    func `A changed, missing or extra row is named`(model: String, table: String) async throws {
        let model = try #require(ReadModel.allCases.first { $0.name == model })
        for problem in 0..<3 {
            let data = try await filled(seed: 61)
            let key = try change(data, table) { transaction, table, row in
                try row.key.withUnsafeBytes { key in
                    switch problem {
                    case 0: try transaction.delete(table, key)
                    case 1:
                        let value = row.value + [0]
                        try value.withUnsafeBytes { try transaction.put(table, key, $0) }
                    default:
                        let longer = row.key + [1]
                        try longer.withUnsafeBytes { try transaction.put(table, $0, key) }
                    }
                }
            }
            let check = try await check(data)
            #expect(!check.isGood)
            let found = try #require(difference(check, model))
            #expect(found.table == table)
            #expect(found.key == (problem == 2 ? key + [1] : key))
            switch (problem, found.problem) {
            case (0, .missing), (1, .different), (2, .extra): break
            default: Issue.record("\(table): \(found)")
            }
            for other in ReadModel.allCases where other != model {
                if case .equal? = check.findings[other] { continue }
                Issue.record("\(other) is not equal")
            }
        }
    }

    @Test func `Read models of another version are outdated and not wrong`() async throws {
        let data = try await filled(seed: 62)
        _ = try change(data, "checkpoints") { transaction, table, _ in
            let key = Array("likes".utf8)
            let value: [UInt8] = [0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 1, 144]
            try key.withUnsafeBytes { key in try value.withUnsafeBytes { try transaction.put(table, key, $0) } }
        }
        let check = try await check(data)
        #expect(check.isGood)
        guard case .outdated? = check.findings[.likes] else {
            Issue.record("likes are not outdated")
            return
        }
    }

    @Test func `Without read models the log is still projected`() async throws {
        let data = try await filled(seed: 63)
        let before = try await check(data).digests
        try data.removeViews()
        let check = try await check(data)
        #expect(check.obstacle?.hasPrefix("there are no read models yet") == true)
        #expect(check.findings.isEmpty)
        #expect(check.digests == before)
    }

    @Test func `An outdated read model is rebuilt while the others answer`() async throws {
        let data = try await filled(seed: 64)
        let before = try await check(data).digests
        _ = try change(data, "checkpoints") { transaction, table, _ in
            let key = Array("follows".utf8)
            let value: [UInt8] = [0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 1, 144]
            try key.withUnsafeBytes { key in try value.withUnsafeBytes { try transaction.put(table, key, $0) } }
        }
        try await data.open { martlet in
            // Known before anybody can ask; the others stand where they stood.
            #expect(martlet.states.all.allSatisfy { $0.model == .follows })
            #expect(martlet.isCaughtUp)
            await martlet.settle()
            #expect(martlet.isReady)
            #expect(martlet.views.current.number == 2)
            let after = try martlet.digests()
            #expect(after == before)
        }
    }
}
