import Foundation
import Journal
import TestSupport
import Testing

@testable import EventLog

/// What happens between a reader's looks.
@Suite struct TailReaderTests {
    @Test func `Who begins to write after a look is noticed`() throws {
        try withLog { log, reader in
            let sight = try reader.look(opening: true)
            #expect(sight.isSettled)
            // It may not be durable yet, and there is no way to tell.
            try log.open()
            try log.append([record(5)])
            #expect(try reader.tail(sight, after: log.stored, withAnswers: false) == nil)
            let next = try #require(try reader.tail(reader.look(opening: true), after: log.stored, withAnswers: false))
            #expect(next.end == 5)
            #expect(next.frames.count == 3)
        }
    }

    @Test func `What is forgotten after a look can be read`() throws {
        try withLog { log, reader in
            let owner = try HeadFile(path: log.directory + "/head")
            owner.write(4)
            let sight = try reader.look(opening: true)
            #expect(!sight.isSettled)
            for segment in try log.segments() { try FileManager.default.removeItem(atPath: segment) }
            #expect(try reader.tail(sight, after: log.stored, withAnswers: true)?.end == 4)
            withExtendedLifetime(owner) {}
        }
    }

    @Test func `What was forgotten before a look is not made up`() throws {
        try withLog { log, reader in
            let owner = try HeadFile(path: log.directory + "/head")
            owner.write(4)
            try FileManager.default.removeItem(atPath: try log.segments()[0])
            let sight = try reader.look(opening: true)
            // The snapshot of the tables is older than that: it has to be taken again.
            #expect(try reader.tail(sight, after: log.stored, withAnswers: false)?.end ?? 0 < 4)
            withExtendedLifetime(owner) {}
        }
    }

    @Test func `A tail that is known is not read again, and ends where the head file says`() throws {
        try withLog { log, reader in
            let owner = try HeadFile(path: log.directory + "/head")
            owner.write(4)
            #expect(try reader.tail(reader.look(opening: false), after: log.stored, withAnswers: false) == nil)
            #expect(try reader.tail(reader.look(opening: true), after: log.stored, withAnswers: false)?.end == 4)
            for segment in try log.segments() { try FileManager.default.removeItem(atPath: segment) }
            let known = try reader.tail(reader.look(opening: false), after: log.stored, withAnswers: false)
            #expect(known?.end == 4)
            // The tables have come up to the first of the two frames.
            let applied = LogEnd(position: 3, chain: try #require(known?.frames.first).chain)
            let rest = try reader.tail(reader.look(opening: false), after: applied, withAnswers: false)
            #expect(rest?.start == 3)
            #expect(rest?.end == 4)
            withExtendedLifetime(owner) {}
        }
    }

    @Test func `Only what is new is read of a journal that was read before`() throws {
        try withLog { log, reader in
            let owner = try HeadFile(path: log.directory + "/head")
            owner.write(4)
            func tail(after end: LogEnd) throws -> Tail? {
                try reader.tail(reader.look(opening: true), after: end, withAnswers: false)
            }
            #expect(try tail(after: log.stored)?.end == 4)
            // What it has read already is not looked at again.
            for segment in try log.segments().suffix(1) {
                let file = try FileHandle(forWritingTo: URL(filePath: segment))
                try file.seek(toOffset: 4096 + 80)
                try file.write(contentsOf: [1, 2, 3])
                try file.close()
            }
            try log.append([record(5)])
            owner.write(5)
            #expect(try tail(after: log.stored)?.end == 5)
            try log.beginSegment()
            try log.append([record(6), record(7)])
            owner.write(7)
            let applied = LogEnd(
                position: 5, chain: try #require(try tail(after: log.stored)?.frames.dropFirst(2).first?.chain))
            #expect(try tail(after: applied)?.end == 7)
            // The tables have more than was ever read.
            try log.append([record(8)])
            try log.append([record(9)])
            owner.write(9)
            let beyond = LogEnd(position: 8, chain: applied.chain)
            #expect(try tail(after: beyond)?.frames.count == 1)
            // Who reads answers, or has forgotten, reads all of it.
            #expect(try reader.tail(reader.look(opening: true), after: log.stored, withAnswers: true)?.end ?? 0 < 9)
            withExtendedLifetime(owner) {}
        }
    }

    @Test func `A reader that stopped in what was given up begins anew`() throws {
        try withLog { log, reader in
            let owner = try HeadFile(path: log.directory + "/head")
            owner.write(4)
            try log.append([], [LogContents.Answer(.key("n"), answer: [])])
            let seen = try reader.tail(reader.look(opening: true), after: log.stored, withAnswers: true)
            #expect(seen?.frames.count == 3)
            // Its sync fails: the frame is lost, and its number goes to another one, in a new epoch.
            let file = try FileHandle(forWritingTo: URL(filePath: try #require(try log.segments().last)))
            try file.seek(toOffset: UInt64(4096 + log.frameSizes[1]))
            try file.write(contentsOf: Data(count: log.frameSizes[2]))
            try file.close()
            try log.open()
            try log.append([record(5)])
            owner.write(5)
            #expect(try reader.tail(reader.look(opening: true), after: log.stored, withAnswers: false)?.end == 5)
            withExtendedLifetime(owner) {}
        }
    }

    /// Lends a log of two events in its tables and two in frames, each in a segment of its own.
    private func withLog(_ body: (LogWithTail, TailReader) throws -> Void) throws {
        let whole = try withTemporaryDirectory { path in
            try withLMDBLog(path) { log in
                for _ in 0..<4 { try log.append(.of("a")) }
            }
            return try withReader(path) { try LogContents($0) }
        }
        try withTemporaryDirectory { path in
            let log = try LogWithTail(path, whole, storing: 2, answers: [])
            try log.append([whole.records[2]])
            try log.beginSegment()
            try log.append([whole.records[3]])
            let headFile = try HeadFile(path: path + "/head", readOnly: true)
            try body(log, TailReader(directory: path, identity: whole.identity, headFile))
        }
    }

    private func record(_ position: Position) -> [UInt8] {
        ReferenceRecord.bytes(.of("a"), versions: [position], position: position, time: .max, idempotency: nil)
    }
}
