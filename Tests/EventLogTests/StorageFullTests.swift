import EventLog
import Files
import Glibc
import LMDB
import TestSupport
import Testing

@Suite struct StorageFullTests {
    @Test func `A full map refuses writes and goes on reading`() throws {
        try withTemporaryDirectory { path in
            let acknowledged = try withLMDBLog(path, mapSize: 1 << 19) { log in
                let acknowledged = try fill(log)
                #expect(acknowledged > 10)
                for _ in 0..<3 {
                    #expect(isOutOfSpace(logError { try log.append(.of("a", payload: large)) }))
                }
                #expect(log.head.position == acknowledged)
                let positions = try log.map { $0.position }
                #expect(positions == Array(1...acknowledged))
                return acknowledged
            }
            // Much more than the journal may hold for the tables: on a busy machine many were taken before they were full.
            try withLMDBLog(path, mapSize: 1 << 27) { log in
                #expect(log.head.position == acknowledged)
                let outcome = try log.append(.of("a", read: acknowledged, payload: large))
                #expect(outcome == .appended(acknowledged + 1))
                let versions = try log.map { $0.streams[0].version }
                #expect(versions == Array(1...(acknowledged + 1)))
                #expect(try log.chainHead == log.recomputedChain())
            }
        }
    }

    @Test func `What is larger than a frame fails alone and leaves nothing behind`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { log in
                try log.append(.of("a"))
                let outcomes = log.proposeTogether([
                    { _ in .append(.of("b", read: 0)) },
                    { _ in .append(.of("a", payload: String(repeating: "x", count: 1 << 20))) },
                    { _ in .append(.of("c", read: 0)) },
                ])
                #expect(outcomes.map { try? $0.get() } == [.appended(2), nil, .appended(3)])
                guard case .failure(.tooLarge(let bytes)) = outcomes[1] else {
                    Issue.record("\(outcomes[1])")
                    return
                }
                #expect(bytes > 1 << 20)
                let heads = try ["a", "b", "c"].map { try log.head(of: StreamName($0))?.version }
                #expect(heads == [1, 1, 1])
                let outcome = try log.append(.of("b", read: 1))
                #expect(outcome == .appended(4))
                #expect(try log.chainHead == log.recomputedChain())
            }
        }
    }

    @Test(.enabled(if: SmallDisk.canBeMounted, "needs the right to mount a tmpfs"))
    func `A full disk refuses writes until there is room`() throws {
        try SmallDisk.with(megabytes: 4) { path in
            let filler = path + "/filler"
            try SmallDisk.fill(filler, bytes: 2 << 20)
            let log = path + "/log"
            try SmallDisk.makeDirectory(log)
            let acknowledged = try withLMDBLog(log) { log in
                let acknowledged = try fill(log)
                #expect(acknowledged > 10)
                for _ in 0..<3 {
                    #expect(isOutOfSpace(logError { try log.append(.of("a", payload: large)) }))
                }
                let positions = try log.map { $0.position }
                #expect(positions == Array(1...acknowledged))
                try SmallDisk.remove(filler)
                let outcome = try log.append(.of("a", read: acknowledged, payload: large))
                #expect(outcome == .appended(acknowledged + 1))
                return acknowledged + 1
            }
            try SmallDisk.fillCompletely(filler)
            try withLMDBLog(log) { log in
                #expect(log.head.position == acknowledged)
                let last = try fill(log)
                let versions = try log.map { $0.streams[0].version }
                #expect(versions == Array(1...last))
                #expect(try log.chainHead == log.recomputedChain())
            }
        }
    }

    private let large = String(repeating: "x", count: 10_000)

    /// Appends until there is no room.
    ///
    /// - Returns: the last position that was acknowledged.
    private func fill(_ log: LMDBEventLog) throws -> Position {
        var acknowledged = log.head.position
        while true {
            do throws(LogError) {
                guard case .appended(let position) = try log.append(.of("a", payload: large)) else { break }
                #expect(position == acknowledged + 1)
                acknowledged = position
            } catch {
                #expect(isOutOfSpace(error), "\(error)")
                return acknowledged
            }
        }
        return acknowledged
    }

    private func isOutOfSpace(_ error: LogError?) -> Bool {
        switch error {
        case .storage(let storage)?: storage.isOutOfSpace
        case .disk(let disk)?: disk.code == ENOSPC
        default: false
        }
    }
}
