import Foundation
import TestSupport
import Testing

@testable import EventLog

/// Readers in other processes, and what they do to the one who writes.
@Suite struct OtherReadersTests {
    @Test func `The room that a dead reader held is used again`() throws {
        try withTemporaryDirectory { path in
            var configuration = WriteConfiguration()
            configuration.applyEvents = 1
            let log = try LMDBEventLog(directory: path, mapSize: 1 << 28, configuration)
            defer { log.close() }
            for _ in 0..<10 { try commit(log) }
            let reader = try LogWriterProcess(path, holds: true)
            #expect(reader.nextPosition() == 10)
            let before = try size(path)
            for _ in 0..<100 { try commit(log) }
            // As long as it lives it keeps what it sees, and each commit takes new pages.
            #expect(try size(path) - before > 100 * 4096)
            #expect(reader.kill().wasKilled)
            // Before long it is found to be dead.
            for _ in 0..<70 { try commit(log) }
            let grown = try size(path)
            for _ in 0..<100 { try commit(log) }
            #expect(try size(path) - grown < 50 * 4096)
        }
    }

    @Test func `A reader does not hinder the writer nor see what it writes`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { log in
                try log.append(.of("a"))
                let reader = try LogWriterProcess(path, holds: true)
                #expect(reader.nextPosition() == 1)
                for version in Version(1)..<50 { try log.append(.of("a", read: version)) }
                #expect(log.head.position == 50)
                #expect(reader.kill().wasKilled)
            }
            // A log that was closed and opened again beside a reader is the same log.
            let reader = try LogWriterProcess(path, holds: true)
            #expect(reader.nextPosition() == 50)
            try withLMDBLog(path) { log in
                let outcome = try log.append(.of("a", read: 50))
                #expect(outcome == .appended(51))
            }
            #expect(reader.kill().wasKilled)
            #expect(try check(path).isSound)
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may write everything"), arguments: [true, false])
    func `A reader that may not enter itself is told why`(hasTableOfReaders: Bool) throws {
        try withLogOfThree { path in
            if hasTableOfReaders {
                chmod(path + "/lock.mdb", 0o400)
            } else {
                try FileManager.default.removeItem(atPath: path + "/lock.mdb")
                chmod(path, 0o500)
            }
            defer { chmod(path, 0o700) }
            let error = #expect(throws: LogOpeningError.self) { try LogReader(directory: path) }
            #expect(error == .denied(path: path + "/lock.mdb", errno: EACCES))
            #expect(error?.description.contains("run as the user who owns the data directory") == true)
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may read everything"))
    func `A data file that may not be read is named`() throws {
        try withLogOfThree { path in
            chmod(path + "/data.mdb", 0o200)
            #expect(throws: LogOpeningError.denied(path: path + "/data.mdb", errno: EACCES)) {
                try LogReader(directory: path)
            }
        }
    }

    /// Appends an event, and waits until it is in the tables: so each has a commit of its own.
    private func commit(_ log: LMDBEventLog) throws {
        try log.append(.of("a"))
        for _ in 0..<10_000 {
            let stored = try log.slot.withEnvironment { environment, _ in
                try environment.readLog { $0.head.position }
            }
            if stored == log.head.position { return }
            usleep(1_000)
        }
        Issue.record("an event is not applied")
    }

    private func size(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path + "/data.mdb")
        return attributes[.size] as? Int ?? 0
    }
}
