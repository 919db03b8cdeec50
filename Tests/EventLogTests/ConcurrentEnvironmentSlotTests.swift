import Glibc
import LMDB
import TestSupport
import Testing
import Threads

@testable import EventLog

@Suite struct ConcurrentEnvironmentSlotTests {
    @Test func `Reopening waits for readers and they go on afterwards`() throws {
        try withTemporaryDirectory { path in
            let slot = try EnvironmentSlot(path: path, mapSize: 1 << 24)
            try slot.withEnvironment { environment, _ in try environment.put("streams", [1], [2]) }
            let isDone = Watermark(0)
            let failures = Guarded<[String]>([])
            let reads = Guarded(0)
            let readers = (0..<4).map { _ in
                OwnedThread(name: "reader") {
                    while isDone.value == 0 {
                        do {
                            let value = try slot.withEnvironment { environment, tables in
                                try environment.read { transaction in
                                    try [UInt8(1)].withUnsafeBytes { key in
                                        var value: [UInt8] = []
                                        for _ in 0..<200 {
                                            value = try transaction.get(tables.streams, key).map { Array($0) } ?? []
                                        }
                                        return value
                                    }
                                }
                            }
                            if value != [2] { failures.withLock { $0.append("\(value)") } }
                            reads.withLock { $0 += 1 }
                        } catch {
                            failures.withLock { $0.append("\(error)") }
                        }
                    }
                }
            }
            for _ in 0..<50 {
                let before = reads.withLock { $0 }
                try slot.reopen()
                while reads.withLock({ $0 }) == before, failures.withLock({ $0.isEmpty }) {}
            }
            isDone.advance(to: 1)
            for reader in readers { reader.join() }
            #expect(failures.withLock { $0 } == [])
        }
    }

    @Test func `A slot that could not be opened tries again at its next use`() throws {
        try withTemporaryDirectory { path in
            let slot = try EnvironmentSlot(path: path, mapSize: 1 << 24)
            try slot.withEnvironment { environment, _ in try environment.put("streams", [1], [2]) }
            let (data, aside) = (path + "/data.mdb", path + "/aside")
            #expect(rename(data, aside) == 0)
            #expect(mkdir(data, 0o700) == 0)
            #expect(throws: LMDBError.self) { try slot.reopen() }
            #expect(throws: LMDBError.self) { try slot.withEnvironment { _, _ in } }
            #expect(rmdir(data) == 0)
            #expect(rename(aside, data) == 0)
            let value = try slot.withEnvironment { environment, _ in try environment.value("streams", [1]) }
            #expect(value == [2])
        }
    }
}
