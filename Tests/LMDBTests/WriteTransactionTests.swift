import LMDB
import Testing

@Suite struct WriteTransactionTests {
    @Test func `Append takes keys in order and refuses others`() throws {
        try withTable { environment, birds in
            try environment.write { transaction in
                try transaction.put(birds, "b", "1", .append)
                try transaction.put(birds, "c", "2", .append)
            }
            for key in ["a", "c"] {
                let error = lmdbError { try environment.write { try $0.put(birds, key, "3", .append) } }
                #expect(error?.description.hasPrefix("mdb_put on birds: MDB_KEYEXIST") == true)
                #expect(error?.isOutOfSpace == false)
                #expect(error?.isCorruption == false)
            }
            #expect(try environment.text(birds, "a") == nil)
            #expect(try environment.text(birds, "c") == "2")
        }
    }

    @Test func `A cursor appends in the same way`() throws {
        try withTable { environment, birds in
            try environment.put(birds, [("b", "1")])
            let error = lmdbError {
                try environment.write { transaction in
                    try transaction.withCursor(birds) { cursor in
                        try withBytes("c") { try cursor.put($0, $0, .append) }
                        try withBytes("a") { try cursor.put($0, $0, .append) }
                    }
                }
            }
            #expect(error?.operation.description == "mdb_cursor_put")
            #expect(try environment.text(birds, "c") == nil)
        }
    }

    @Test func `A body that throws leaves nothing behind`() throws {
        struct Refusal: Error {}
        try withTable { environment, birds in
            try environment.put(birds, [("swift", "before")])
            #expect(throws: Refusal.self) {
                try environment.write { transaction in
                    try transaction.put(birds, "swift", "after")
                    try transaction.put(birds, "martin", "after")
                    throw Refusal()
                }
            }
            #expect(try environment.text(birds, "swift") == "before")
            #expect(try environment.text(birds, "martin") == nil)
            try environment.put(birds, [("swift", "again")])
            #expect(try environment.text(birds, "swift") == "again")
        }
    }

    @Test func `A transaction sees its own changes at once`() throws {
        try withTable { environment, birds in
            try environment.write { transaction in
                try transaction.put(birds, "swift", "one")
                let unowned = UnownedTransaction(transaction)
                let seen = try [transaction.text(birds, "swift"), unowned.text(birds, "swift")]
                #expect(seen == ["one", "one"])
            }
        }
    }

    @Test func `A full map is out of space and the environment goes on`() throws {
        try withTable(mapSize: 1 << 18) { environment, birds in
            try environment.put(birds, [("swift", "kept")])
            let large = String(repeating: "x", count: 100_000)
            let error = lmdbError {
                try environment.put(birds, (0..<10).map { ("bird \($0)", large) })
            }
            #expect(error?.isOutOfSpace == true)
            #expect(error?.needsReopening == false)
            #expect(error?.description.hasPrefix("mdb_put on birds: MDB_MAP_FULL") == true)
            #expect(try environment.read { try $0.count(birds) } == 1)
            try environment.put(birds, [("martin", "small")])
            #expect(try environment.text(birds, "swift") == "kept")
            #expect(try environment.text(birds, "martin") == "small")
        }
    }

    @Test func `A body that passes over a full map cannot commit the rest`() throws {
        try withTable(mapSize: 1 << 18) { environment, birds in
            let error = lmdbError {
                try environment.write { transaction in
                    try transaction.put(birds, "swift", "one")
                    try? transaction.put(birds, "whale", String(repeating: "x", count: 1_000_000))
                }
            }
            #expect(error?.operation.description == "mdb_txn_commit")
            let swift = try environment.text(birds, "swift")
            #expect(swift == nil)
        }
    }
}
