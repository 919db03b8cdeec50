import Foundation
import LMDB
import TestSupport
import Testing

/// Whatever is wrong in a file, reading its pages ends with rows or with an error.
@Suite struct DamagedPagesTests {
    private enum Damage: CaseIterable {
        case bit, header, meta, bytes, swap, zeros
    }

    @Test func `No damage ends the process`() throws {
        try withTemporaryDirectory { path in
            try write(path)
            let whole = try Data(contentsOf: URL(filePath: path + "/data.mdb"))
            let expected = try readAll(path)
            var (seen, refused) = (0, 0)
            var numbers = Numbers(seed: 11)
            for round in 0..<1_800 {
                var file = [UInt8](whole)
                damage(&file, Damage.allCases[round % 6], &numbers)
                try Data(file).write(to: URL(filePath: path + "/data.mdb"))
                do {
                    if try readAll(path) != expected { seen += 1 }
                } catch let error as LMDBError {
                    #expect(error.isCorruption, "\(error)")
                    refused += 1
                }
            }
            // Most changes are of values, or of room that nothing refers to.
            #expect(refused > 300)
            #expect(seen > 100)
        }
    }

    @Test func `A search never goes astray`() throws {
        try withTemporaryDirectory { path in
            try write(path)
            let whole = try Data(contentsOf: URL(filePath: path + "/data.mdb"))
            var numbers = Numbers(seed: 12)
            for round in 0..<900 {
                var file = [UInt8](whole)
                damage(&file, Damage.allCases[round % 6], &numbers)
                try Data(file).write(to: URL(filePath: path + "/data.mdb"))
                do {
                    let environment = try open(path)
                    let pages = try PageSnapshot(environment)
                    guard let table = try pages.table("birds") else { continue }
                    var cursor = pages.cursor(table)
                    for _ in 0..<40 {
                        let key = "key \(numbers.below(1_200))"
                        if let row = try withBytes(key, { try cursor.first(atOrAfter: $0) }) {
                            #expect(row.key.count <= 4096)
                            _ = row.value.reduce(0) { $0 &+ Int($1) }
                        }
                        var row = try withBytes(key) { try cursor.last(before: $0) }
                        for _ in 0..<20 where row != nil {
                            _ = row!.value.reduce(0) { $0 &+ Int($1) }
                            row = try cursor.previous()
                        }
                    }
                } catch let error as LMDBError {
                    #expect(error.isCorruption, "\(error)")
                }
            }
        }
    }

    @Test func `A page that is not what it says is named`() throws {
        try withTemporaryDirectory { path in
            try write(path)
            var file = [UInt8](try Data(contentsOf: URL(filePath: path + "/data.mdb")))
            // Every page says that it is a branch.
            for page in 2..<(file.count / 4096) { file[page * 4096 + 10] = 1 }
            try Data(file).write(to: URL(filePath: path + "/data.mdb"))
            let error = lmdbError { _ = try readAll(path) }
            #expect(error?.description.hasPrefix("\(path)/data.mdb: page ") == true)
            #expect(error?.description.hasSuffix("is of kind 1, expected a leaf") == true)
        }
    }

    /// A thousand rows, some of which have pages of their own, in a tree of three levels.
    private func write(_ path: String) throws {
        let environment = try Environment(path: path, mapSize: 1 << 24, durability: .everyCommit)
        let birds = try environment.table("birds")
        for part in 0..<4 {
            try environment.put(
                birds,
                (0..<250).map { index in
                    let number = index * 4 + part
                    let key = "key \(number)" + String(repeating: "x", count: number % 7 == 0 ? 300 : 0)
                    return (key, String(repeating: "\(number % 10)", count: number % 50 == 0 ? 9_000 : 70))
                })
        }
        try environment.put(try environment.table("nests"), [("swift", "under the eaves")])
    }

    private func open(_ path: String) throws -> Environment {
        try Environment(path: path, mapSize: 1 << 24, durability: .everyCommit, readOnly: true)
    }

    /// A number for all rows of all tables.
    private func readAll(_ path: String) throws -> Int {
        let environment = try open(path)
        let pages = try PageSnapshot(environment)
        var hasher = Hasher()
        for table in try pages.tables() {
            var cursor = pages.cursor(table)
            while let row = try cursor.next() {
                hasher.combine(bytes: row.key)
                hasher.combine(bytes: row.value)
            }
        }
        return hasher.finalize()
    }

    private func damage(_ file: inout [UInt8], _ kind: Damage, _ numbers: inout Numbers) {
        let pages = file.count / 4096
        let page = numbers.below(pages) * 4096
        switch kind {
        case .bit: file[numbers.below(file.count)] ^= 1 << numbers.below(8)
        case .header: file[page + numbers.below(120)] ^= 1 << numbers.below(8)
        case .meta: file[numbers.below(2) * 4096 + numbers.below(152)] ^= 1 << numbers.below(8)
        case .bytes:
            let start = page + numbers.below(4080)
            for offset in 0..<16 { file[start + offset] = UInt8(numbers.below(256)) }
        case .swap:
            let other = (2 + numbers.below(pages - 2)) * 4096
            let bytes = Array(file[other..<(other + 4096)])
            if page >= 8192 { file.replaceSubrange(page..<(page + 4096), with: bytes) }
        case .zeros: for offset in 0..<4096 { file[page + offset] = 0 }
        }
    }
}
