import LMDB
import Testing

@Suite struct CursorTests {
    @Test func `In an empty table every move comes to nothing`() throws {
        try withTable { environment, birds in
            try environment.read { transaction in
                try transaction.withCursor(birds) { cursor in
                    let rows = try [cursor.first(), cursor.last(), cursor.next(), cursor.previous()]
                    #expect(rows.map { text($0) } == [nil, nil, nil, nil])
                    let keys = try [cursor.key(atOrAfter: "a"), cursor.key(before: "z")]
                    #expect(keys == [nil, nil])
                }
            }
        }
    }

    @Test func `Next and previous go through every row in key order`() throws {
        try withBirds { cursor in
            var forward: [String] = []
            var row = try cursor.first()
            while let found = row {
                forward.append(text(found)!)
                row = try cursor.next()
            }
            #expect(forward == ["b", "d", "f"])
            var backward: [String] = []
            row = try cursor.last()
            while let found = row {
                backward.append(text(found)!)
                row = try cursor.previous()
            }
            #expect(backward == ["f", "d", "b"])
        }
    }

    @Test func `A cursor without a place starts at the near end`() throws {
        try withBirds { cursor in
            let row = try cursor.next()
            #expect(text(row) == "b")
        }
        try withBirds { cursor in
            let row = try cursor.previous()
            #expect(text(row) == "f")
        }
    }

    @Test func `Past an end there is nothing, however often one asks`() throws {
        try withBirds { cursor in
            _ = try cursor.last()
            let after = try [cursor.next(), cursor.next()]
            #expect(after.map { text($0) } == [nil, nil])
            _ = try cursor.first()
            let before = try [cursor.previous(), cursor.previous()]
            #expect(before.map { text($0) } == [nil, nil])
        }
    }

    @Test(arguments: zip(["a", "b", "c", "d", "e", "f", "g"], ["b", "b", "d", "d", "f", "f", nil]))
    func `The first row at or after a key is found`(key: String, expected: String?) throws {
        try withBirds { cursor in
            let found = try cursor.key(atOrAfter: key)
            #expect(found == expected)
        }
    }

    @Test(arguments: zip(["a", "b", "c", "d", "e", "f", "g"], [nil, nil, "b", "b", "d", "d", "f"]))
    func `The last row before a key is found`(key: String, expected: String?) throws {
        try withBirds { cursor in
            let found = try cursor.key(before: key)
            #expect(found == expected)
        }
    }

    @Test func `A move gives the value too`() throws {
        try withBirds { cursor in
            let row = try cursor.last()
            #expect(row.map { String(decoding: $0.value, as: UTF8.self) } == "value of f")
        }
    }

    @Test func `A cursor puts and deletes in a write transaction`() throws {
        try withTable { environment, birds in
            try environment.put(birds, [("b", "old"), ("d", "old")])
            try environment.write { transaction in
                try transaction.withCursor(birds) { cursor in
                    try withBytes("b") { key in try withBytes("new") { try cursor.put(key, $0) } }
                    let deletions = try withBytes("d") { try [cursor.delete($0), cursor.delete($0)] }
                    #expect(deletions == [true, false])
                }
            }
            #expect(try environment.text(birds, "b") == "new")
            #expect(try environment.text(birds, "d") == nil)
        }
    }

    @Test func `A cursor of a read transaction refuses to write`() throws {
        try withBirds { cursor in
            let error = lmdbError { try withBytes("x") { try cursor.put($0, $0) } }
            #expect(error?.description == "mdb_cursor_put on birds: Permission denied")
        }
    }

    @Test func `An empty key is an error and not an end`() throws {
        try withBirds { cursor in
            let error = lmdbError { _ = try cursor.key(atOrAfter: "") }
            #expect(error?.operation.description == "mdb_cursor_get")
        }
    }

    private func withBirds(_ body: (borrowing Cursor) throws -> Void) throws {
        try withTable { environment, birds in
            try environment.put(birds, ["f", "b", "d"].map { ($0, "value of \($0)") })
            try environment.read { try $0.withCursor(birds, body) }
        }
    }
}
