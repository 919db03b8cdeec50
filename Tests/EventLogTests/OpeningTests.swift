import EventLog
import Foundation
import LMDB
import TestSupport
import Testing

@Suite struct OpeningTests {
    @Test func `A log keeps its identity and two logs have two`() throws {
        try withTemporaryDirectory { path in
            let first = try withLMDBLog(path) { $0.identity }
            #expect(try withLMDBLog(path) { $0.identity } == first)
            try withTemporaryDirectory { other in
                let second = try withLMDBLog(other) { $0.identity }
                #expect(second != first)
            }
        }
    }

    @Test(arguments: ["martlet-log 1", "martlet-log 4"])
    func `A log of an older or newer format is refused by name and left as it is`(format: String) throws {
        try withLogOfThree { path in
            try withEnvironment(path) { try $0.put("meta", Array("format".utf8), Array(format.utf8)) }
            let before = try allRows(path)
            for found in [damage { try withLMDBLog(path) { _ in } }, damage { _ = try LogReader(directory: path) }] {
                #expect(
                    found?.problem
                        == "its format is \"\(format)\", this martlet reads \"martlet-log 3\"; "
                        + "use the martlet that wrote it")
            }
            #expect(try allRows(path) == before)
        }
    }

    @Test(arguments: [["identity"], ["format"], ["identity", "format"]], ["3", ""])
    func `A log with events is never given another identity`(lost: [String], head: String) throws {
        try withLogOfThree { path in
            try withEnvironment(path) { environment in
                for key in lost { try environment.delete("meta", Array(key.utf8)) }
            }
            try head.write(toFile: path + "/head", atomically: false, encoding: .utf8)
            let found = damage { try withLMDBLog(path) { _ in } }
            #expect(found?.problem == "its tables are gone from \(path); restore a backup")
        }
    }

    @Test func `A damaged last record is refused with its position`() throws {
        try withLogOfThree { path in
            let key = ReferenceRecord.bigEndian(3, 8)
            try withEnvironment(path) { environment in
                var record = try #require(try environment.value("events", key))
                record[12] ^= 1
                try environment.put("events", key, record)
            }
            let found = damage { try withLMDBLog(path) { _ in } }
            #expect(found?.position == 3)
        }
    }

    @Test func `A damaged or missing record in the middle is found when it is read`() throws {
        try withLogOfThree { path in
            let key = ReferenceRecord.bigEndian(2, 8)
            try withEnvironment(path) { try $0.put("events", key, [1, 2, 3]) }
            try withLMDBLog(path) { log in
                let found = damage { _ = try log.records() }
                #expect(found?.description.contains("at position 2: the record has only 3 bytes") == true)
                let error = logError {
                    _ = try log.propose { context in
                        _ = context.withRecord(at: 2) { $0.type }
                        return .append(.of("a"))
                    }
                }
                guard case .corrupt(let corruption) = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
                #expect(corruption.position == 2)
                #expect(log.head.position == 3)
                let outcome = try log.append(.of("a"))
                #expect(outcome == .appended(4))
            }
            try withEnvironment(path) { try $0.delete("events", key) }
            try withLMDBLog(path) { log in
                let found = damage { _ = try log.records() }
                #expect(found?.description.contains("at position 2: the event is missing") == true)
            }
        }
    }

    @Test func `A missing directory is named`() throws {
        try withTemporaryDirectory { path in
            let missing = path + "/nowhere"
            #expect {
                try withLMDBLog(missing) { _ in }
            } throws: { error in
                "\(error)" == "mdb_env_open on \(missing): No such file or directory"
            }
        }
    }

    /// A first start that was cut off (a crash, a full disk) must not make the directory unusable.
    @Test(arguments: ["head", "data.mdb", "tables"]) func `A first opening that was cut off is taken up`(last: String)
        throws
    {
        try withTemporaryDirectory { path in
            try Data().write(to: URL(filePath: path + "/head"))
            if last != "head" {
                try withEnvironment(path) { environment in
                    if last == "tables" { _ = try environment.table("events") }
                }
            }
            try withLMDBLog(path) { log in
                let outcome = try log.append(.of("a"))
                #expect(outcome == .appended(1))
            }
            #expect(try withLMDBLog(path) { $0.head.position } == 1)
        }
    }
}
