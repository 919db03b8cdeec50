import EventLog
import Glibc
import LMDB
import TestSupport
import Testing
import Threads

/// A commit whose very last write fails: LMDB then refuses every call until the environment is opened again.
@Suite struct FailedMetaWriteTests {
    @Test func `Reads go on and the next proposal is stored`() throws {
        try withTemporaryDirectory { path in
            let failures = Guarded<[String]>([])
            do {
                let log = try LMDBEventLog(directory: path, mapSize: 1 << 24) { failure in
                    failures.withLock { $0.append("\(failure)") }
                }
                defer { log.close() }
                try log.append(.of("a"))
                try log.append(.of("a"))
                try breakMetaWrites(of: path)
                let error = logError { try log.append(.of("a")) }
                guard case .storage(let storage) = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
                #expect(storage.code == ENOSPC)
                #expect(failures.withLock { $0 } == ["\(LogError.storage(storage))"])
                #expect(log.head.position == 2)
                let seen = try log.map { $0.position }
                #expect(seen == [1, 2])
                let head = try log.head(of: StreamName("a"))
                #expect(head?.version == 2)
                let outcome = try log.append(.of("a", read: 2))
                #expect(outcome == .appended(3))
                #expect(try log.chainHead == log.recomputedChain())
            }
            let versions = try withLMDBLog(path) { try $0.map { $0.streams[0].version } }
            #expect(versions == [1, 2, 3])
        }
    }

    @Test func `The next proposal is stored also when nobody read before`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { log in
                try log.append(.of("a"))
                try breakMetaWrites(of: path)
                #expect(throws: LogError.self) { try log.append(.of("a")) }
                let outcome = try log.append(.of("a"))
                #expect(outcome == .appended(2))
                #expect(try log.chainHead == log.recomputedChain())
            }
        }
    }

    /// Puts /dev/full in the place of the descriptor that LMDB writes meta pages to, the one with O_DSYNC.
    private func breakMetaWrites(of directory: String) throws {
        let full = open("/dev/full", O_RDWR)
        defer { close(full) }
        var broken = 0
        let highest = Int32(sysconf(Int32(_SC_OPEN_MAX)))
        for descriptor in 3..<highest where isSynchronous(descriptor, directory + "/data.mdb") {
            #expect(dup2(full, descriptor) == descriptor)
            broken += 1
        }
        try #require(broken == 1)
    }

    private func isSynchronous(_ descriptor: Int32, _ file: String) -> Bool {
        var (expected, found) = (stat(), stat())
        guard stat(file, &expected) == 0, fstat(descriptor, &found) == 0 else { return false }
        return expected.st_ino == found.st_ino && expected.st_dev == found.st_dev
            && fcntl(descriptor, F_GETFL) & O_DSYNC != 0
    }
}
