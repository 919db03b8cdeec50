import Foundation
import LMDB
import TestSupport
import Testing

@Suite struct ReadOnlyTests {
    @Test func `A read-only environment finds what was written`() throws {
        try withBirds { path in
            let environment = try Environment(path: path, mapSize: 1 << 20, durability: .everyCommit, readOnly: true)
            let birds = try environment.table("birds")
            let nests = try environment.table("nests")
            #expect(try environment.text(birds, "swift") == "Apus apus")
            #expect(try environment.text(nests, "swift") == "under the eaves")
            #expect(try PageReader(environment).read { try $0.text(birds, "swift") } == "Apus apus")
        }
    }

    @Test func `A read-only environment refuses to write and to make tables`() throws {
        try withBirds { path in
            let environment = try Environment(path: path, mapSize: 1 << 20, durability: .everyCommit, readOnly: true)
            let write = lmdbError { try environment.write { _ in } }
            #expect(write?.description == "mdb_txn_begin on \(path): Permission denied")
            let table = lmdbError { _ = try environment.table("eggs") }
            #expect(table?.description.hasPrefix("mdb_dbi_open on eggs: MDB_NOTFOUND") == true)
        }
    }

    @Test func `A file whose last pages hold nothing may end before them`() throws {
        try withBirds { path in
            try leaveLastPagesUnwritten(path)
            let environment = try Environment(path: path, mapSize: 1 << 20, durability: .everyCommit, readOnly: true)
            #expect(try environment.text(try environment.table("birds"), "swift") == "Apus apus")
            #expect(try environment.text(try environment.table("nests"), "swift") == "under the eaves")
        }
    }

    @Test func `A file that ends before a page in use is refused`() throws {
        try withBirds { path in
            try leaveLastPagesUnwritten(path)
            let file = path + "/data.mdb"
            let whole = try Data(contentsOf: URL(filePath: file))
            var refused = 0
            for pages in 2..<(whole.count / 4096) {
                try whole.prefix(pages * 4096).write(to: URL(filePath: file))
                let error = lmdbError {
                    let environment = try Environment(
                        path: path, mapSize: 1 << 20, durability: .everyCommit, readOnly: true)
                    #expect(try environment.text(try environment.table("birds"), "swift") == "Apus apus")
                    #expect(try environment.text(try environment.table("nests"), "swift") == "under the eaves")
                }
                guard let error else { continue }
                #expect(error.code == LMDBError.cutShort)
                refused += 1
            }
            #expect(refused > 0)
        }
    }

    /// Has LMDB count pages that were used and let go of again within one transaction.
    private func leaveLastPagesUnwritten(_ path: String) throws {
        let environment = try Environment(path: path, mapSize: 1 << 20, durability: .everyCommit)
        let birds = try environment.table("birds")
        try environment.write { transaction in
            for number in 0..<500 { try transaction.put(birds, "key \(number)", "some bird or other") }
            for number in 0..<500 { try transaction.delete(birds, "key \(number)") }
        }
        let size = try FileManager.default.attributesOfItem(atPath: path + "/data.mdb")[.size] as? Int
        try #require(try size ?? .max < environment.usedBytes())
    }

    private func withBirds(_ body: (String) throws -> Void) throws {
        try withTemporaryDirectory { path in
            do {
                let environment = try Environment(path: path, mapSize: 1 << 20, durability: .everyCommit)
                try environment.put(try environment.table("birds"), [("swift", "Apus apus")])
                try environment.put(try environment.table("nests"), [("swift", "under the eaves")])
            }
            try body(path)
        }
    }
}
