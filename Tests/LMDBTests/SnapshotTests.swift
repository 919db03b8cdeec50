import LMDB
import Testing

@Suite struct SnapshotTests {
    @Test func `A reader keeps its moment while a writer commits`() throws {
        try withTable { environment, birds in
            try environment.put(birds, [("swift", "before")])
            try environment.read { transaction in
                try environment.put(birds, [("swift", "after"), ("martin", "after")])
                let seen = try [transaction.text(birds, "swift"), transaction.text(birds, "martin")]
                #expect(seen == ["before", nil])
                let count = try transaction.count(birds)
                #expect(count == 1)
                #expect(try environment.text(birds, "swift") == "after")
            }
        }
    }

    @Test func `A renewed reader sees the newest moment each time`() throws {
        try withTable { environment, birds in
            let reader = PageReader(environment)
            for round in 0..<5 {
                try environment.put(birds, [("swift", "round \(round)")])
                #expect(try reader.read { try $0.text(birds, "swift") } == "round \(round)")
            }
        }
    }

    @Test func `A reader goes on after a body that threw`() throws {
        struct Refusal: Error {}
        try withTable { environment, birds in
            let reader = PageReader(environment)
            #expect(throws: Refusal.self) { try reader.read { _ in throw Refusal() } }
            try environment.put(birds, [("swift", "one")])
            #expect(try reader.read { try $0.text(birds, "swift") } == "one")
        }
    }

    @Test func `A nested read of one reader is refused and the outer one stands`() throws {
        try withTable { environment, birds in
            try environment.put(birds, [("swift", "one")])
            let reader = PageReader(environment)
            try reader.read { _ in }
            try reader.read { transaction in
                let error = lmdbError { try reader.read { _ in } }
                #expect(error?.operation.description == "mdb_txn_renew")
                let seen = try transaction.text(birds, "swift")
                #expect(seen == "one")
            }
        }
    }

    @Test func `Two readers of one thread see their own moments`() throws {
        try withTable { environment, birds in
            let (old, new) = (PageReader(environment), PageReader(environment))
            try environment.put(birds, [("swift", "one")])
            try old.read { early in
                try environment.put(birds, [("swift", "two")])
                try new.read { late in
                    let seen = try [early.text(birds, "swift"), late.text(birds, "swift")]
                    #expect(seen == ["one", "two"])
                }
            }
        }
    }
}
