import Foundation
import LMDB
import TestSupport
import Testing

@Suite struct LMDBErrorTests {
    @Test func `A missing directory is named`() throws {
        try withTemporaryDirectory { path in
            let missing = path + "/nowhere"
            let error = lmdbError { _ = try Environment(path: missing, mapSize: 1 << 20, durability: .everyCommit) }
            #expect(error?.description == "mdb_env_open on \(missing): No such file or directory")
            #expect(error?.code == ENOENT)
            #expect(error?.isOutOfSpace == false)
        }
    }

    @Test func `A file that is not an environment is corruption`() throws {
        try withTemporaryDirectory { path in
            try Data(repeating: 0x2a, count: 16_384).write(to: URL(filePath: path + "/data.mdb"))
            let error = lmdbError { _ = try Environment(path: path, mapSize: 1 << 20, durability: .everyCommit) }
            #expect(error?.description == "\(path)/data.mdb: page 0 is not the meta page of an LMDB file")
            #expect(error?.isCorruption == true)
        }
    }

    @Test func `A key that is too long names the operation and the table`() throws {
        try withTable { environment, birds in
            let key = String(repeating: "k", count: 512)
            let error = lmdbError { try environment.put(birds, [(key, "value")]) }
            #expect(error?.description.hasPrefix("mdb_put on birds: MDB_BAD_VALSIZE") == true)
        }
    }

    @Test func `More tables than the limit are refused`() throws {
        try withTemporaryDirectory { path in
            let environment = try Environment(path: path, mapSize: 1 << 20, tableLimit: 1, durability: .everyCommit)
            _ = try environment.table("birds")
            let error = lmdbError { _ = try environment.table("nests") }
            #expect(error?.description.hasPrefix("mdb_dbi_open on nests: MDB_DBS_FULL") == true)
        }
    }

    @Test(arguments: [ENOSPC, EDQUOT, EIO, -30792])
    func `Every way of having no room is out of space`(code: Int32) {
        #expect(LMDBError(code: code, operation: "mdb_put", subject: "birds").isOutOfSpace)
    }

    @Test func `A panic needs reopening`() {
        let panic = LMDBError(code: -30795, operation: "mdb_txn_begin", subject: "log")
        #expect(panic.needsReopening)
        #expect(!panic.isOutOfSpace)
        #expect(!LMDBError(code: ENOSPC, operation: "mdb_txn_begin", subject: "log").needsReopening)
    }
}
