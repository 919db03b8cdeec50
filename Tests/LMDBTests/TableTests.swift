import LMDB
import TestSupport
import Testing

@Suite struct TableTests {
    @Test func `A value is found under its key and no other`() throws {
        try withTable { environment, birds in
            try environment.put(birds, [("swift", "Apus apus"), ("swallow", "Hirundo rustica")])
            #expect(try environment.text(birds, "swift") == "Apus apus")
            #expect(try environment.text(birds, "swallow") == "Hirundo rustica")
            #expect(try environment.text(birds, "swif") == nil)
            #expect(try environment.text(birds, "swifts") == nil)
        }
    }

    @Test func `A second put replaces the value`() throws {
        try withTable { environment, birds in
            try environment.put(birds, [("swift", "one"), ("swift", "two")])
            #expect(try environment.text(birds, "swift") == "two")
            #expect(try environment.read { try $0.count(birds) } == 1)
        }
    }

    @Test func `An empty value is not a missing one`() throws {
        try withTable { environment, birds in
            try environment.put(birds, [("swift", "")])
            #expect(try environment.text(birds, "swift") == "")
        }
    }

    @Test func `Delete tells whether the key was there`() throws {
        try withTable { environment, birds in
            try environment.put(birds, [("swift", "one")])
            #expect(try environment.write { try $0.delete(birds, "swift") })
            #expect(try !environment.write { try $0.delete(birds, "swift") })
            #expect(try environment.text(birds, "swift") == nil)
        }
    }

    @Test func `Clearing a table leaves the others`() throws {
        try withTable { environment, birds in
            let nests = try environment.table("nests")
            try environment.put(birds, [("swift", "one"), ("martin", "two")])
            try environment.put(nests, [("swift", "under the eaves")])
            try environment.write { try $0.clear(birds) }
            #expect(try environment.read { try $0.count(birds) } == 0)
            #expect(try environment.text(nests, "swift") == "under the eaves")
        }
    }

    @Test func `A table opened twice is the same table`() throws {
        try withTable { environment, birds in
            let tables = try [environment.table("birds"), environment.table("nests")]
            #expect(tables[0] == birds)
            #expect(tables[1] != birds)
        }
    }

    @Test func `Statistics count rows and whole pages`() throws {
        try withTable { environment, birds in
            try environment.put(birds, (0..<1_000).map { ("bird \($0)", String(repeating: "x", count: 100)) })
            let statistics = try environment.read { try $0.statistics(birds) }
            #expect(statistics.rows == 1_000)
            #expect(statistics.bytes > 100_000)
            #expect(statistics.bytes % 4096 == 0)
            #expect(try environment.usedBytes() > statistics.bytes)
        }
    }

    @Test func `What was committed is there after reopening`() throws {
        try withTemporaryDirectory { path in
            do {
                let environment = try Environment(path: path, mapSize: 1 << 20, durability: .onSync)
                try environment.put(try environment.table("birds"), [("swift", "one")])
                try environment.sync()
            }
            let environment = try Environment(path: path, mapSize: 1 << 20, durability: .everyCommit)
            #expect(try environment.text(try environment.table("birds"), "swift") == "one")
        }
    }
}
