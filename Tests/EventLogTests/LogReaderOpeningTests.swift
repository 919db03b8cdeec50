import EventLog
import Foundation
import LMDB
import TestSupport
import Testing

/// What a log is refused for that is only to be read.
@Suite struct LogReaderOpeningTests {
    @Test func `A directory without a log is left as it is`() throws {
        try withTemporaryDirectory { path in
            #expect(throws: LogOpeningError.missing(directory: path)) { try LogReader(directory: path) }
            #expect(throws: LogOpeningError.missing(directory: path + "/no")) { try LogReader(directory: path + "/no") }
            let files = try FileManager.default.contentsOfDirectory(atPath: path)
            #expect(files.isEmpty)
        }
    }

    @Test(arguments: [Data(), Data("3".utf8)]) func `A first opening that was cut off is told from a loss of data`(
        head: Data
    ) throws {
        try withTemporaryDirectory { path in
            try head.write(to: URL(filePath: path + "/head"))
            let error = #expect(throws: (any Error).self) { try LogReader(directory: path) }
            if head.isEmpty {
                #expect(error as? LogOpeningError == .unfinished(directory: path))
            } else {
                #expect("\(error!)" == "the log is damaged: its tables are gone from \(path); restore a backup")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["head"])
        }
    }

    /// The same words as at an opening for writing.
    @Test(arguments: ["4", "three", nil]) func `A head file that leads or cannot be one is refused`(text: String?)
        throws
    {
        try withLogOfThree { path in
            if let text {
                try text.write(toFile: path + "/head", atomically: false, encoding: .utf8)
            } else {
                try FileManager.default.removeItem(atPath: path + "/head")
            }
            let found = damage { _ = try LogReader(directory: path) }
            #expect(found != nil)
            #expect(found?.problem == damage { try withLMDBLog(path) { _ in } }?.problem)
        }
    }

    @Test func `A head file that lags is taken as it is`() throws {
        try withLogOfThree { path in
            try "1".write(toFile: path + "/head", atomically: false, encoding: .utf8)
            #expect(try LogReader(directory: path).head.position == 3)
            #expect(try String(contentsOfFile: path + "/head", encoding: .utf8) == "1")
        }
    }

    @Test func `A newer format is refused`() throws {
        try withLogOfThree { path in
            try withEnvironment(path) { try $0.put("meta", Array("format".utf8), Array("martlet-log 4".utf8)) }
            let found = damage { _ = try LogReader(directory: path) }
            #expect(found?.problem.hasPrefix("its format is \"martlet-log 4\", this martlet reads ") == true)
        }
    }

    @Test(arguments: ["identity", "format"]) func `A log without its identity is refused`(lost: String) throws {
        try withLogOfThree { path in
            try withEnvironment(path) { try $0.delete("meta", Array(lost.utf8)) }
            let found = damage { _ = try LogReader(directory: path) }
            #expect(found?.problem == "its tables are gone from \(path); restore a backup")
        }
    }

    @Test func `A damaged record is refused by every way that leads to it`() throws {
        try withLogOfThree { path in
            let key = ReferenceRecord.bigEndian(2, 8)
            try withEnvironment(path) { environment in
                var record = try #require(try environment.value("events", key))
                record[12] ^= 1
                try environment.put("events", key, record)
            }
            let reader = try LogReader(directory: path)
            #expect(damage { _ = try reader.records() }?.position == 2)
            #expect(damage { _ = try reader.withRecord(at: 2) { _ in } }?.position == 2)
            #expect(damage { _ = try reader.newest(atOrBefore: 0) }?.position == 2)
            #expect(try reader.withRecord(at: 3) { $0.position } == 3)
        }
    }

    @Test func `A missing record is refused by every way that leads to it`() throws {
        try withLogOfThree { path in
            try withEnvironment(path) { try $0.delete("events", ReferenceRecord.bigEndian(2, 8)) }
            let reader = try LogReader(directory: path)
            #expect(damage { _ = try reader.records() }?.position == 2)
            #expect(damage { _ = try reader.withRecord(at: 2) { _ in } }?.position == 2)
            #expect(try reader.withRecord(at: 4) { _ in } == nil)
        }
    }

    @Test func `A damaged last record is refused at once`() throws {
        try withLogOfThree { path in
            try withEnvironment(path) { try $0.put("events", ReferenceRecord.bigEndian(3, 8), [1, 2, 3]) }
            #expect(damage { _ = try LogReader(directory: path) }?.position == 3)
        }
    }

    @Test(arguments: 0..<24) func `A data file that was cut short is refused and not lengthened`(pages: UInt64) throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { log in
                for _ in 0..<8 { try log.append(.of("a", payload: String(repeating: "x", count: 9_000))) }
            }
            for size in [pages * 4096, pages * 4096 + 100] {
                let data = try FileHandle(forWritingTo: URL(filePath: path + "/data.mdb"))
                try data.truncate(atOffset: size)
                try data.close()
                #expect(damage { _ = try LogReader(directory: path) }?.problem.hasSuffix("restore a backup") == true)
                let left = try FileHandle(forReadingFrom: URL(filePath: path + "/data.mdb")).seekToEnd()
                #expect(left == size)
            }
        }
    }

    @Test func `A file that is not an environment is refused`() throws {
        try withLogOfThree { path in
            try Data(repeating: 0x5a, count: 40_960).write(to: URL(filePath: path + "/data.mdb"))
            let found = damage { _ = try LogReader(directory: path) }
            #expect(
                found?.problem == "\(path)/data.mdb: page 0 is not the meta page of an LMDB file; restore a backup")
        }
    }
}
