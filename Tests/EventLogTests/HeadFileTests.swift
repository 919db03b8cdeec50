import EventLog
import Foundation
import TestSupport
import Testing

/// The head file and the log beside it: which of the two may be behind.
@Suite struct HeadFileTests {
    @Test func `The head file names the last position`() throws {
        try withLogOfThree { path in
            #expect(try String(contentsOfFile: path + "/head", encoding: .utf8) == "00000000000000000003\n")
            try withLMDBLog(path) { log in
                try log.append(.of("a"))
                #expect(try String(contentsOfFile: path + "/head", encoding: .utf8) == "00000000000000000004\n")
            }
        }
    }

    @Test(arguments: ["", "0", "1\n", "2", "00000000000000000002\n", "3\nwritten by hand\n"])
    func `A head file that lags is brought up to date`(text: String) throws {
        try withLogOfThree { path in
            try text.write(toFile: path + "/head", atomically: false, encoding: .utf8)
            let head = try withLMDBLog(path) { $0.head.position }
            #expect(head == 3)
            #expect(try String(contentsOfFile: path + "/head", encoding: .utf8).hasPrefix("00000000000000000003\n"))
        }
    }

    @Test func `A head file that leads is refused with both positions`() throws {
        try withLogOfThree { path in
            try "4".write(toFile: path + "/head", atomically: false, encoding: .utf8)
            for _ in 0..<2 {
                let found = damage { try withLMDBLog(path) { _ in } }
                #expect(
                    found?.description.hasPrefix(
                        "the log is damaged: it ends at position 3, but \(path)/head names 4 as durable: "
                            + "events are missing. Restore a backup") == true)
            }
            try "3".write(toFile: path + "/head", atomically: false, encoding: .utf8)
            #expect(try withLMDBLog(path) { $0.head.position } == 3)
        }
    }

    @Test(arguments: ["three", "-1", "3 events", "18446744073709551616", "\u{0}\u{0}\u{0}"])
    func `A head file without a position is refused`(text: String) throws {
        try withLogOfThree { path in
            try text.write(toFile: path + "/head", atomically: false, encoding: .utf8)
            let found = damage { try withLMDBLog(path) { _ in } }
            #expect(found?.problem.hasPrefix("the head file \(path)/head holds no position. Restore a backup") == true)
        }
    }

    @Test func `A missing head file is refused`() throws {
        try withLogOfThree { path in
            try FileManager.default.removeItem(atPath: path + "/head")
            for _ in 0..<2 {
                let found = damage { try withLMDBLog(path) { _ in } }
                #expect(found?.problem.contains("\(path)/head cannot be opened: No such file or directory") == true)
            }
        }
    }

    @Test func `An emptied data file is refused while there is a head file`() throws {
        try withLogOfThree { path in
            try Data().write(to: URL(filePath: path + "/data.mdb"))
            for _ in 0..<2 {
                let found = damage { try withLMDBLog(path) { _ in } }
                #expect(found?.problem == "its tables are gone from \(path); restore a backup")
            }
        }
    }

    @Test(arguments: [["data.mdb"], ["data.mdb", "lock.mdb"]])
    func `A deleted data file is refused while there is a head file`(files: [String]) throws {
        try withLogOfThree { path in
            for file in files { try FileManager.default.removeItem(atPath: path + "/" + file) }
            for _ in 0..<2 {
                let found = damage { try withLMDBLog(path) { _ in } }
                #expect(found?.problem == "its tables are gone from \(path); restore a backup")
            }
        }
    }

    @Test func `An old data file is refused`() throws {
        try withLogOfThree { path in
            let old = try Data(contentsOf: URL(filePath: path + "/data.mdb"))
            _ = try withLMDBLog(path) { try $0.append(.of("a")) }
            try old.write(to: URL(filePath: path + "/data.mdb"))
            let found = damage { try withLMDBLog(path) { _ in } }
            #expect(found?.problem.contains("it begins after position 4, but the log ends at 3") == true)
        }
    }

    @Test(arguments: 2..<24) func `A data file that was cut short is an error and not a crash`(pages: UInt64) throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { log in
                for _ in 0..<8 { try log.append(.of("a", payload: String(repeating: "x", count: 9_000))) }
            }
            let data = try FileHandle(forWritingTo: URL(filePath: path + "/data.mdb"))
            #expect(try data.seekToEnd() > 24 * 4096)
            try data.truncate(atOffset: pages * 4096)
            try data.close()
            #expect(throws: (any Error).self) {
                try withLMDBLog(path) { log in
                    _ = try log.records()
                    for _ in 0..<8 { try log.append(.of("a", payload: String(repeating: "y", count: 9_000))) }
                }
            }
        }
    }
}
