import EventLog
import Foundation
import LMDB
import TestSupport
import Testing

/// A log that is written from the records of another one.
@Suite struct RestoredLogTests {
    @Test(arguments: 0..<20) func `A restored log has the same rows`(seed: UInt64) throws {
        try withTemporaryDirectory { original in
            try RandomHistory(seed: seed).write(original, proposals: 200)
            try withTemporaryDirectory { copy in
                let head = try restore(original, to: copy)
                #expect(try allRows(copy) == allRows(original))
                #expect(try withReader(copy) { try $0.chainHead } == head)
                #expect(try Data(contentsOf: URL(filePath: copy + "/head")).count == 21)
            }
        }
    }

    @Test func `A restored log is written on`() throws {
        try withTemporaryDirectory { original in
            try withLMDBLog(original) { try GoldenVectors.append(to: $0) }
            try withTemporaryDirectory { copy in
                try restore(original, to: copy)
                try withLMDBLog(copy) { log in
                    let again = try log.propose(.key("k-2", of: 1, 255)) { _ in .nothing(answer: []) }
                    #expect(again == .repeated(0, answer: Array("ok".utf8)))
                    let first = try log.propose(
                        Idempotency(actor: 1, key: Array("k-1".utf8), fingerprint: Array(0...15))
                    ) { _ in .nothing(answer: []) }
                    #expect(first == .repeated(2, answer: []))
                    let outcome = try log.append(.of("account/1", read: 2))
                    #expect(outcome == .appended(3))
                    #expect(try log.chainHead == log.recomputedChain())
                }
            }
        }
    }

    @Test(arguments: [0, 1, 7, 50]) func `A log can be restored up to a position`(last: Position) throws {
        try withTemporaryDirectory { original in
            try withLMDBLog(original) { log in
                for index in 0..<50 { try log.append(.of("s\(index % 7)"), .key("\(index)")) }
            }
            try withTemporaryDirectory { copy in
                let head = try restore(original, to: copy, until: last)
                try withLMDBLog(copy) { log in
                    #expect(log.head.position == last)
                    #expect(head.position == last)
                    #expect(try log.chainHead == head)
                    #expect(try log.chainHead == log.recomputedChain())
                    for stream in 0..<7 {
                        let version = try log.head(of: StreamName("s\(stream)"))?.version ?? 0
                        #expect(version == (last + 6 - Position(stream)) / 7)
                    }
                }
            }
        }
    }

    @Test func `A log of many batches and milestones is restored`() throws {
        try withTemporaryDirectory { original in
            try LogByRows.write(original, ofEvents: ChainHash.milestone + 10)
            try withLMDBLog(original) { log in
                for _ in 0..<30 { try log.append(.of("a", payload: String(repeating: "x", count: 900_000))) }
            }
            try withTemporaryDirectory { copy in
                try restore(original, to: copy)
                #expect(try allRows(copy) == allRows(original))
            }
        }
    }

    @Test func `What is not finished is not a log`() throws {
        try withTemporaryDirectory { original in
            try withLMDBLog(original) { try GoldenVectors.append(to: $0) }
            try withTemporaryDirectory { copy in
                try restore(original, to: copy, finish: false)
                #expect(damage { _ = try LogReader(directory: copy) } != nil)
                #expect(damage { try withLMDBLog(copy) { _ in } } != nil)
                #expect(throws: LogRestoreError.notEmpty(directory: copy)) { try restore(original, to: copy) }
            }
        }
    }

    @Test func `A directory that is not empty is refused and left as it is`() throws {
        try withTemporaryDirectory { path in
            let missing = path + "/missing"
            #expect(throws: LogRestoreError.notEmpty(directory: missing)) {
                try RestoredLog(directory: missing, identity: LogByRows.identity)
            }
            try Data().write(to: URL(filePath: path + "/.hidden"))
            #expect(throws: LogRestoreError.notEmpty(directory: path)) {
                try RestoredLog(directory: path, identity: LogByRows.identity)
            }
            let files = try FileManager.default.contentsOfDirectory(atPath: path)
            #expect(files == [".hidden"])
        }
    }

    @Test func `Records that do not follow each other are refused`() throws {
        func record(_ position: Position, time: Int64, _ version: Version, _ key: String? = nil) -> [UInt8] {
            ReferenceRecord.bytes(
                .of("a"), versions: [version], position: position, time: time, idempotency: key.map { .key($0) })
        }
        func error(_ records: [(Position, [UInt8])]) throws -> LogRestoreError? {
            try withTemporaryDirectory { path in
                let log = try RestoredLog(directory: path, identity: LogByRows.identity, mapSize: 1 << 28)
                do {
                    for (position, bytes) in records {
                        try bytes.withUnsafeBytes { try log.append(RecordView(position: position, $0)) }
                    }
                    try log.finish()
                    return nil
                } catch { return error as? LogRestoreError }
            }
        }
        let first = (Position(1), record(1, time: -5, 1, "k"))
        #expect(try error([first, (2, record(2, time: -5, 2))]) == nil)
        #expect(try error([(2, record(2, time: 5, 1))]) == .gap(expected: 1, found: 2))
        #expect(try error([first, first]) == .gap(expected: 2, found: 1))
        #expect(try error([first, (3, record(3, time: 5, 2))]) == .gap(expected: 2, found: 3))
        #expect(
            try error([first, (2, record(2, time: -6, 2))]) == .timeGoesBack(position: 2, time: -6, previous: -5))
        #expect(
            try error([first, (2, record(2, time: 5, 3))])
                == .versionGap(position: 2, stream: StreamName("a"), expected: 2, found: 3))
        #expect(
            try error([first, (2, record(2, time: 5, 1))])
                == .versionGap(position: 2, stream: StreamName("a"), expected: 2, found: 1))
        #expect(
            try error([first, (2, record(2, time: 5, 2, "k"))]) == .commandTwice(position: 2, actor: 1, key: "k"))
    }

    /// A snapshot is of one moment: what comes later does not show, not even an answer.
    @Test func `A snapshot shows the answers of its own moment`() throws {
        try withTemporaryDirectory { path in
            _ = try withLMDBLog(path) { log in
                try log.propose(.key("k-2", of: 1, 255)) { _ in .nothing(answer: Array("ok".utf8)) }
            }
            let writer = try LogWriterProcess(path)
            _ = try #require(writer.nextPosition())
            try withReader(path) { reader in
                try reader.withSnapshot { snapshot in
                    let head = snapshot.head
                    while let position = writer.nextPosition(), position < head.position + 100 {}
                    var answers = 0
                    try snapshot.readAnswers { answer in
                        answers += 1
                        #expect(Array(answer.key) == bytes("00 00 00 00 00 00 00 01  6b 2d 32"))
                        #expect(answer.value.suffix(2).elementsEqual("ok".utf8))
                    }
                    #expect(answers == 1)
                    var chain = ChainHead(position: 0, hash: ChainHash(identity: reader.identity))
                    let count = try snapshot.read(after: 0, limit: .max) { chain.append($0) }
                    #expect(count == Int(head.position))
                    #expect(chain == snapshot.chainHead)
                }
            }
            #expect(writer.kill().wasKilled)
        }
    }

    /// Restores all of a log, or what it has up to a position without its answers.
    @discardableResult
    private func restore(
        _ original: String, to copy: String, until last: Position? = nil, finish: Bool = true
    ) throws -> ChainHead {
        try withReader(original) { reader in
            let log = try RestoredLog(directory: copy, identity: reader.identity, mapSize: 1 << 28)
            try reader.withSnapshot { snapshot in
                let end = last ?? snapshot.head.position
                var position: Position = 0
                while position < end {
                    let limit = Int(min(end - position, 1000))
                    position += UInt64(try snapshot.read(after: position, limit: limit) { try log.append($0) })
                }
                if last == nil { try snapshot.readAnswers { try log.append($0) } }
            }
            if finish { try log.finish() }
            return log.chainHead
        }
    }
}
