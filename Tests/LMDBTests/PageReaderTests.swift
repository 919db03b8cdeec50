import LMDB
import Testing

/// What a ``PageReader`` keeps between readings must not show in what is read.
@Suite struct PageReaderTests {
    @Test func `Looking up does not move a lent cursor`() throws {
        try withTable { environment, birds in
            try environment.put(birds, [("b", "1"), ("d", "2"), ("f", "3")])
            let reader = PageReader(environment)
            for _ in 0..<2 {
                try reader.read { pages in
                    try pages.withCursor(birds) { cursor in
                        let first = try text(cursor.first())
                        let other = try pages.text(birds, "f")
                        let second = try text(cursor.next())
                        #expect([first, other, second] == ["b", "3", "d"])
                    }
                }
            }
        }
    }

    @Test func `Two cursors over one table keep their places`() throws {
        try withTable { environment, birds in
            try environment.put(birds, [("b", "1"), ("d", "2"), ("f", "3")])
            let reader = PageReader(environment)
            try reader.read { pages in
                try pages.withCursor(birds) { outer in
                    let first = try text(outer.first())
                    let last = try pages.withCursor(birds) { inner in try text(inner.last()) }
                    let second = try text(outer.next())
                    #expect([first, last, second] == ["b", "f", "d"])
                }
                let anew = try pages.withCursor(birds) { try text($0.next()) }
                #expect(anew == "b", "a cursor that is lent again has no place yet")
            }
        }
    }

    @Test func `Pages are used again once their moment is released`() throws {
        try withTable { environment, birds in
            let value = String(repeating: "x", count: 1000)
            func growth(_ body: (PageReader) -> Void) throws -> Int {
                let reader = PageReader(environment)
                try environment.put(birds, [("swift", value)])
                try reader.read { _ in }
                body(reader)
                let before = try environment.usedBytes()
                for _ in 0..<50 { try environment.put(birds, [("swift", value)]) }
                return try environment.usedBytes() - before
            }
            let (released, held) = try (growth { $0.release() }, growth { _ in })
            #expect(released < 50 * 4096 && held > 50 * 4096, "\(released) and \(held) bytes")
        }
    }

    @Test(arguments: 1...5) func `A reader that is never made anew sees what a dictionary holds`(seed: Int) throws {
        try withTable { environment, birds in
            var random = Numbers(seed: seed)
            var model: [String: String] = [:]
            let reader = PageReader(environment)
            for round in 0..<200 {
                if random.below(3) > 0 {
                    try environment.write { transaction in
                        for _ in 0..<random.below(40) {
                            let key = "\(random.below(3000))"
                            if random.below(4) == 0 {
                                try transaction.delete(birds, key)
                                model[key] = nil
                            } else {
                                try transaction.put(birds, key, "\(round)")
                                model[key] = "\(round)"
                            }
                        }
                    }
                }
                if random.below(5) == 0 { reader.release() }
                try reader.read { pages in
                    for _ in 0..<20 {
                        let key = "\(random.below(3000))"
                        let found = try pages.text(birds, key)
                        #expect(found == model[key])
                        let (above, below) = try pages.withCursor(birds) { cursor in
                            try withBytes(key) { key in
                                (try text(cursor.first(atOrAfter: key)), try text(cursor.last(before: key)))
                            }
                        }
                        #expect(above == model.keys.filter { $0 >= key }.min())
                        #expect(below == model.keys.filter { $0 < key }.max())
                    }
                }
            }
        }
    }
}
