import LMDB
import Testing
import Threads

@Suite struct ConcurrentReadersTests {
    /// The writer moves one unit between two rows in each commit: so no moment has another sum than the first one.
    @Test func `Every reader sees only whole commits`() throws {
        try withTable { environment, birds in
            try environment.put(birds, [("left", "1000"), ("right", "0")])
            let isDone = Watermark(0)
            let failures = Guarded<[String]>([])
            let readers = (0..<4).map { number in
                OwnedThread(name: "reader") {
                    let reader = PageReader(environment)
                    while isDone.value == 0 {
                        do {
                            let total =
                                try number % 2 == 0
                                ? environment.read { try sum($0.text(birds, "left"), $0.text(birds, "right")) }
                                : reader.read { try sum($0.text(birds, "left"), $0.text(birds, "right")) }
                            if total != 1000 { failures.withLock { $0.append("sum \(total)") } }
                        } catch {
                            failures.withLock { $0.append("\(error)") }
                        }
                    }
                }
            }
            for moved in 1...300 {
                try environment.put(birds, [("left", "\(1000 - moved)"), ("right", "\(moved)")])
            }
            isDone.advance(to: 1)
            for reader in readers { reader.join() }
            #expect(failures.withLock { $0 } == [])

            @Sendable func sum(_ left: String?, _ right: String?) -> Int {
                (left.flatMap { Int($0) } ?? 0) + (right.flatMap { Int($0) } ?? 0)
            }
        }
    }

    @Test func `Writers of several threads take turns`() throws {
        try withTable { environment, birds in
            let failures = Guarded<[String]>([])
            let writers = (0..<4).map { _ in
                OwnedThread(name: "writer") {
                    do {
                        for _ in 0..<50 {
                            try environment.write { transaction in
                                let count = try transaction.text(birds, "count").flatMap { Int($0) } ?? 0
                                try transaction.put(birds, "count", "\(count + 1)")
                            }
                        }
                    } catch {
                        failures.withLock { $0.append("\(error)") }
                    }
                }
            }
            for writer in writers { writer.join() }
            #expect(failures.withLock { $0 } == [])
            let count = try environment.text(birds, "count")
            #expect(count == "200")
        }
    }
}
