import LMDB
import PlainViews
import TestSupport
import Testing

@testable import Projections

/// Row changes against a dictionary.
@Suite struct RowChangesTests {
    private let directory = TemporaryDirectory()

    private func table() throws -> (environment: Environment, table: Table) {
        let environment = try Environment(path: directory.path, mapSize: 1 << 26, durability: .onSync)
        return (environment, try environment.table("rows"))
    }

    private func rows(_ environment: Environment, _ table: Table) throws -> [[UInt8]: [UInt8]] {
        var rows: [[UInt8]: [UInt8]] = [:]
        try environment.read { transaction in
            try transaction.withCursor(table) { cursor in
                while let row = try cursor.next() { rows[Array(row.key)] = Array(row.value) }
            }
        }
        return rows
    }

    private func key(_ bytes: [UInt8]) -> RowKey { bytes.withUnsafeBytes { RowKey($0) } }

    @Test func `The last change of a key wins`() throws {
        let (environment, table) = try table()
        var changes = RowChanges(table)
        changes.set(RowKey(1)) { $0 += [1] }
        changes.set(RowKey(1)) { $0 += [2] }
        changes.set(RowKey(2)) { $0 += [3] }
        changes.remove(RowKey(2))
        changes.remove(RowKey(3))
        changes.set(RowKey(3))
        try environment.write { try changes.apply(in: $0) }
        #expect(try rows(environment, table) == [[0, 0, 0, 0, 0, 0, 0, 1]: [2], [0, 0, 0, 0, 0, 0, 0, 3]: []])
    }

    @Test func `No changes leave a table as it is`() throws {
        let (environment, table) = try table()
        let changes = RowChanges(table)
        #expect(changes.isEmpty)
        try environment.write { try changes.apply(in: $0) }
        #expect(try rows(environment, table) == [:])
    }

    @Test func `Removing the last row and adding beyond it work together`() throws {
        let (environment, table) = try table()
        var first = RowChanges(table)
        for number in 1...10 as ClosedRange<UInt64> { first.set(RowKey(number)) { $0 += [UInt8(number)] } }
        try environment.write { try first.apply(in: $0) }
        var second = RowChanges(table)
        second.set(RowKey(5)) { $0 += [50] }
        second.remove(RowKey(10))
        second.set(RowKey(11)) { $0 += [11] }
        second.remove(RowKey(12))
        second.set(RowKey(13)) { $0 += [13] }
        second.remove(RowKey(13))
        second.set(RowKey(14)) { $0 += [14] }
        try environment.write { try second.apply(in: $0) }
        let values = try rows(environment, table).values.map { $0[0] }.sorted()
        #expect(values == [1, 2, 3, 4, 6, 7, 8, 9, 11, 14, 50])
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `Random changes do what a dictionary does`(seed: UInt64) throws {
        let (environment, table) = try table()
        var random = SplitMix64(seed: seed)
        var expected: [[UInt8]: [UInt8]] = [:]
        for round in 0..<30 {
            var changes = RowChanges(table)
            for _ in 0..<random.below(60) {
                // Keys of few different bytes and of all lengths: many are prefixes of others, or equal up to zeros.
                let count = [1, 2, 7, 8, 9, 15, 16, 17, 20, 31, 32][random.below(11)]
                var bytes = [UInt8](repeating: [0, 0, 1, 255][random.below(4)], count: count)
                if random.below(2) == 0 { bytes[count - 1] = [0, 1, 128][random.below(3)] }
                if random.below(3) == 0 { bytes[0] = UInt8(min(255, round * 8)) }
                if random.below(3) == 0 {
                    changes.remove(key(bytes))
                    expected[bytes] = nil
                } else {
                    let value = [UInt8](repeating: UInt8(random.below(256)), count: random.below(4) * random.below(300))
                    changes.set(key(bytes)) { $0 += value }
                    expected[bytes] = value
                }
            }
            try environment.write { try changes.apply(in: $0) }
            #expect(try rows(environment, table) == expected)
        }
    }
}
