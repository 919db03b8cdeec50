import EventLog
import Glibc
import LMDB
import TestSupport
import Testing
import Threads

/// A commit of the tables whose very last write fails: LMDB then refuses every call until the environment is opened
/// again. What is durable is in the journal, so nobody notices but the operator.
@Suite struct FailedMetaWriteTests {
    @Test(arguments: [false, true]) func `Reads and writes go on`(readsBetween: Bool) throws {
        try withTemporaryDirectory { path in
            let failures = Guarded<[String]>([])
            do {
                var configuration = WriteConfiguration()
                configuration.applyInterval = 1
                let log = try LMDBEventLog(directory: path, mapSize: 1 << 24, configuration) { failure in
                    failures.withLock { $0.append("\(failure)") }
                }
                defer { log.close() }
                try log.append(.of("a"))
                try breakMetaWrites(of: path)
                for version in 1...20 as ClosedRange<Position> {
                    let outcome = try log.append(.of("a", read: version))
                    #expect(outcome == .appended(version + 1))
                    if readsBetween {
                        let positions = try log.map { $0.position }
                        #expect(positions == Array(1...(version + 1)))
                    }
                    usleep(2000)
                }
                #expect(try log.chainHead == log.recomputedChain())
            }
            #expect(failures.withLock { $0 }.count == 1)
            #expect(failures.withLock { $0 }.first?.contains("No space left on device") == true)
            try withLMDBLog(path) { log in
                let versions = try log.map { $0.streams[0].version }
                #expect(versions == Array(1...21))
                #expect(try log.chainHead == log.recomputedChain())
            }
            let report = try check(path)
            #expect(report.isSound, "\(report.findings)")
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
