import LMDB
import Testing

/// Reading pages past LMDB must come to what LMDB reads.
@Suite struct PageCursorTests {
    /// Keys and values of all sizes, of some hundred to some ten thousand rows, put and deleted in random order.
    @Test(arguments: 0..<12) func `Every row is found as LMDB finds it`(seed: Int) throws {
        try withTable { environment, birds in
            var generator = Numbers(seed: seed)
            for _ in 0..<6 {
                try environment.write { transaction in
                    for _ in 0..<generator.below(seed < 8 ? 300 : 6_000) {
                        let key =
                            generator.bytes(below: 4) + generator.bytes(below: generator.below(10) == 0 ? 400 : 8) + [1]
                        try key.withUnsafeBytes { key in
                            if generator.below(4) == 0 {
                                try transaction.delete(birds, key)
                            } else {
                                let size = generator.below(20) == 0 ? 9_000 : 60
                                let value = generator.bytes(below: size)
                                try value.withUnsafeBytes { try transaction.put(birds, key, $0) }
                            }
                        }
                    }
                }
                try compare(environment, birds, &generator)
            }
        }
    }

    @Test func `An empty table has no row and a missing one is not there`() throws {
        try withTable { environment, _ in
            let pages = try PageSnapshot(environment)
            #expect(try pages.table("fish") == nil)
            #expect(try pages.table("bird") == nil)
            var cursor = pages.cursor(try #require(try pages.table("birds")))
            #expect(try cursor.first() == nil)
            #expect(try cursor.last() == nil)
            #expect(try cursor.next() == nil)
            #expect(try withBytes("a") { try cursor.first(atOrAfter: $0) } == nil)
        }
    }

    @Test func `All tables are named`() throws {
        try withTable { environment, _ in
            for name in ["nests", "eggs"] { _ = try environment.table(name) }
            let pages = try PageSnapshot(environment)
            #expect(try pages.tables().map(\.name) == ["birds", "eggs", "nests"])
        }
    }

    @Test func `A snapshot keeps its moment`() throws {
        try withTable { environment, birds in
            try environment.put(birds, (0..<2_000).map { ("key \($0)", "old") })
            let pages = try PageSnapshot(environment)
            for _ in 0..<20 { try environment.put(birds, (0..<2_000).map { ("key \($0)", "new") }) }
            var cursor = pages.cursor(try #require(try pages.table("birds")))
            var rows = 0
            while let row = try cursor.next() {
                rows += 1
                #expect(row.value.elementsEqual("old".utf8))
            }
            #expect(rows == 2_000)
        }
    }

    private func compare(_ environment: Environment, _ birds: Table, _ generator: inout Numbers) throws {
        let pages = try PageSnapshot(environment)
        let table = try #require(try pages.table("birds"))
        var mine = pages.cursor(table)
        try environment.read { transaction in
            #expect(try transaction.count(birds) == table.rows)
            try transaction.withCursor(birds) { cursor in
                while let row = try cursor.next() {
                    guard let found = try mine.next(), equal(found, row) else {
                        Issue.record("row \(Array(row.key))")
                        return
                    }
                }
                #expect(try mine.next() == nil)
                #expect(try mine.next() == nil)
                var (row, found) = try (cursor.last(), mine.last())
                while let expected = row {
                    guard equal(found, expected) else {
                        Issue.record("row \(Array(expected.key)), backwards")
                        return
                    }
                    (row, found) = try (cursor.previous(), mine.previous())
                }
                #expect(found == nil)
                #expect(try equal(mine.first(), cursor.first()))
                for _ in 0..<300 {
                    let key = generator.bytes(below: 4) + generator.bytes(below: 8) + [1]
                    try key.withUnsafeBytes { key in
                        let expected = try cursor.first(atOrAfter: key)
                        #expect(try equal(mine.first(atOrAfter: key), expected))
                        let before = try cursor.last(before: key)
                        #expect(try equal(mine.last(before: key), before))
                        if before != nil { #expect(try equal(mine.previous(), cursor.previous())) }
                        #expect(try mine.value(at: key)?.elementsEqual(transaction.get(birds, key)!) ?? true)
                        if generator.below(2) == 0, expected != nil {
                            // The place that a search leaves is one to go on from.
                            _ = try mine.first(atOrAfter: key)
                            _ = try cursor.first(atOrAfter: key)
                            #expect(try equal(mine.next(), cursor.next()))
                        }
                    }
                }
                try compareAscending(pages.cursor(table), transaction, birds, &generator)
            }
        }
    }

    /// In order, which is what it is for, and in disorder.
    private func compareAscending(
        _ cursor: PageCursor, _ transaction: borrowing ReadTransaction, _ birds: Table, _ generator: inout Numbers
    ) throws {
        var cursor = cursor
        var keys = (0..<300).map { _ in generator.bytes(below: 4) + generator.bytes(below: 8) + [1] }
        try transaction.withCursor(birds) { rows in
            // Every third row, so that many are found.
            var number = 0
            while let row = try rows.next() {
                if number % 3 == 0 { keys.append(Array(row.key)) }
                number += 1
            }
        }
        for isInOrder in [true, false] {
            if isInOrder { keys.sort { $0.lexicographicallyPrecedes($1) } } else { keys.reverse() }
            for key in keys {
                try key.withUnsafeBytes { key in
                    let (found, expected) = try (cursor.value(aheadAt: key), transaction.get(birds, key))
                    #expect(found.map { Array($0) } == expected.map { Array($0) })
                }
            }
        }
    }

    private func equal(_ left: Cursor.Row?, _ right: Cursor.Row?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return left.key.elementsEqual(right.key) && left.value.elementsEqual(right.value)
    }
}

/// Random numbers that are the same in each run.
struct Numbers {
    private var state: UInt64

    init(seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func below(_ limit: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 11) % max(limit, 1)
    }

    mutating func bytes(below limit: Int) -> [UInt8] {
        (0..<below(limit)).map { _ in UInt8(truncatingIfNeeded: below(256)) }
    }
}
