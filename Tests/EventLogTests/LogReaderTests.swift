import EventLog
import Foundation
import TestSupport
import Testing

/// Reading a log that somebody else owns.
@Suite struct LogReaderTests {
    @Test func `A reader shows what the log showed`() throws {
        try withTemporaryDirectory { path in
            let (records, head, identity) = try withLMDBLog(path) { log in
                try GoldenVectors.append(to: log)
                return (try log.records(), log.head, log.identity)
            }
            let reader = try LogReader(directory: path)
            #expect(try reader.records() == records)
            #expect(try reader.head == head)
            #expect(reader.identity == identity)
        }
    }

    @Test func `An empty log has no records`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { _ in }
            let reader = try LogReader(directory: path)
            #expect(try reader.head == LogHead())
            #expect(try reader.records().isEmpty)
            #expect(try reader.withRecord(at: 0) { _ in } == nil)
            #expect(try reader.withRecord(at: 1) { _ in } == nil)
            #expect(try reader.newest(atOrBefore: .max) == 0)
        }
    }

    @Test func `A reader follows a writer in another process`() throws {
        try withTemporaryDirectory { path in
            let writer = try LogWriterProcess(path)
            _ = try #require(writer.nextPosition())
            let records = try withReader(path) { reader in
                var seen: Position = 0
                while let acknowledged = writer.nextPosition(), acknowledged < 2_000 {
                    #expect(try reader.head.position >= acknowledged)
                    let end = try seen + UInt64(reader.read(after: seen, limit: 500) { try check($0, after: &seen) })
                    #expect(end == seen)
                }
                #expect(seen >= 500)
                #expect(writer.kill().wasKilled)
                return try reader.records()
            }
            // Killed between making its last commit durable and telling of it, the writer leaves one that nobody knows
            // of who had opened the log before. Who opens it now sees that one too, reader and writer alike.
            let afterwards = try withReader(path) { try $0.records() }
            #expect(afterwards.starts(with: records))
            #expect(try withLMDBLog(path) { try $0.records() } == afterwards)
        }
    }

    @Test func `A read sees one moment whatever is written meanwhile`() throws {
        try withTemporaryDirectory { path in
            let writer = try LogWriterProcess(path)
            while let position = writer.nextPosition(), position < 100 {}
            let reader = try LogReader(directory: path)
            let head = try reader.head.position
            var seen: Position = 0
            let count = try reader.read(after: 0, limit: .max) { record in
                try check(record, after: &seen)
                // Some hundred commits go by while the pages of this moment are being read.
                if seen % 20 == 0 { for _ in 0..<20 { _ = writer.nextPosition() } }
            }
            #expect(count == Int(seen))
            #expect(seen >= head)
            #expect(try reader.head.position > seen)
            #expect(writer.kill().wasKilled)
        }
    }

    @Test func `Reading changes no byte and no time of the log`() throws {
        try withLogOfThree { path in
            let before = try footprint(path)
            for _ in 0..<2 {
                let reader = try LogReader(directory: path)
                #expect(try reader.records().count == 3)
                #expect(try reader.withRecord(at: 2) { $0.position } == 2)
            }
            #expect(try footprint(path) == before)
        }
    }

    @Test func `A time leads to the newest event that is not younger`() throws {
        try withTemporaryDirectory { path in
            let times: [Int64] = [10, 10, 10, 11, 15, 15, 40]
            try withLMDBLog(path) { log in
                for time in times { try log.append(.of("a"), time: time) }
                for time in Int64(8)...42 {
                    let expected = Position(times.count { $0 <= time })
                    #expect(try log.newest(atOrBefore: time) == expected)
                }
            }
            let reader = try LogReader(directory: path)
            for time in Int64(8)...42 {
                #expect(try reader.newest(atOrBefore: time) == Position(times.count { $0 <= time }))
            }
        }
    }

    /// What was there before every call, with the times of its last changes.
    private func footprint(_ path: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path).sorted().filter { $0 != "lock.mdb" }.map { name in
            var status = stat()
            stat(path + "/" + name, &status)
            let isFile = status.st_mode & S_IFMT == S_IFREG
            let bytes = isFile ? try Data(contentsOf: URL(filePath: path + "/" + name)) : Data()
            return "\(name) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) \(bytes.hashValue)"
        }
    }

    /// What log-crash-writer writes.
    private func check(_ record: RecordView, after seen: inout Position) throws {
        seen += 1
        #expect(record.position == seen)
        #expect(record.streams.map { "\($0.name) \($0.version)" } == ["own/\(seen) 1", "shared \(seen)"])
    }
}
