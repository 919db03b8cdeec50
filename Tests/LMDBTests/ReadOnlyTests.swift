import LMDB
import Testing

@Suite struct ReadOnlyTests {
    @Test func aReadOnlyEnvironmentFindsWhatWasWritten() throws {
        try withBirds { path in
            let environment = try Environment(path: path, mapSize: 1 << 20, durability: .everyCommit, readOnly: true)
            let birds = try environment.table("birds")
            let nests = try environment.table("nests")
            #expect(try environment.text(birds, "swift") == "Apus apus")
            #expect(try environment.text(nests, "swift") == "under the eaves")
            #expect(try Reader(environment).read { try $0.text(birds, "swift") } == "Apus apus")
        }
    }

    @Test func aReadOnlyEnvironmentRefusesToWriteAndToMakeTables() throws {
        try withBirds { path in
            let environment = try Environment(path: path, mapSize: 1 << 20, durability: .everyCommit, readOnly: true)
            let write = lmdbError { try environment.write { _ in } }
            #expect(write?.description == "mdb_txn_begin on \(path): Permission denied")
            let table = lmdbError { _ = try environment.table("eggs") }
            #expect(table?.description.hasPrefix("mdb_dbi_open on eggs: MDB_NOTFOUND") == true)
        }
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
