import EventLog
import Foundation
import Journal
import LMDB
import TestSupport
import Testing
import Threads

/// The hash chain that goes with the records.
@Suite struct ChainTests {
    @Test func `The chain of the golden records has these values`() throws {
        var hash = ChainHash(identity: LogByRows.identity)
        #expect(hash.description == "c736f8f2ff2ec02e902434b04a1874f30604c4057e43d041995420e4e5c8dd8e")
        GoldenVectors.registration.withUnsafeBytes { hash.append($0) }
        #expect(hash.description == "a8eec62662642f6c7eee1a8c93aefcebdd18fedf9f5a9322090f58b30baf1401")
        GoldenVectors.publication.withUnsafeBytes { hash.append($0) }
        #expect(hash.description == "083ace1d363be457a95ee338002aa3e6fa5345f98ae5856dd1f1d5df641fdae2")
    }

    @Test func `The chain of a log is that of its records`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { _ in }
            try withEnvironment(path) { try $0.put("meta", Array("identity".utf8), LogByRows.identity) }
            // It is the journal of another log now.
            try FileManager.default.removeItem(atPath: path + "/journal")
            let end = try withLMDBLog(path) { log in
                let start = try log.chainHead
                #expect(start.position == 0)
                #expect(start.hash == ChainHash(identity: LogByRows.identity))
                try GoldenVectors.append(to: log)
                let end = try log.chainHead
                #expect(end.position == 2)
                #expect(try end == log.recomputedChain())
                return end.hash
            }
            try withEnvironment(path) { environment in
                let row = try environment.value("chain", bytes("00 00 00 00 00 00 00 02"))
                #expect(row == bytes(end.description))
            }
        }
    }

    @Test func `A value is written and read as hexadecimal digits`() {
        let digits = "45e5b56177179135bffce57f8e815a23f7600d526760f9849096c25bb0a547ee"
        #expect(ChainHash(hex: digits)?.description == digits)
        #expect(ChainHash(hex: digits.uppercased())?.description == digits)
        for wrong in [
            "", "45e5", digits.dropLast() + "g", digits + "0", " " + digits.dropLast(), digits.dropLast() + "é",
        ] {
            #expect(ChainHash(hex: wrong) == nil, "\(wrong)")
        }
    }

    @Test func `Milestones and the newest value are kept and nothing else`() throws {
        try withTemporaryDirectory { path in
            let last = 2 * ChainHash.milestone + 3
            let values = try withLMDBLog(path) { log in
                let answers = Answers()
                for _ in 0..<last {
                    log.submitWaiting(Proposal(decide: { _ in .append(.of("a")) }) { answers.put($0) })
                }
                _ = answers.take(count: Int(last))
                var values: [Position: ChainHash] = [:]
                var chain = ChainHead(position: 0, hash: ChainHash(identity: log.identity))
                _ = try log.read(after: 0, limit: .max) { record in
                    chain.append(record)
                    if record.position % ChainHash.milestone == 0 || record.position == last {
                        values[record.position] = chain.hash
                    }
                }
                #expect(try log.chainHead == chain)
                return values
            }
            #expect(try stored(path) == values)
        }
    }

    /// The newest event at a milestone, one before and one after it, with the log opened again at each.
    @Test func `A milestone that is the newest value stays`() throws {
        try withTemporaryDirectory { path in
            try LogByRows.write(path, ofEvents: ChainHash.milestone - 1)
            var expected: [Position] = []
            for step in 0..<3 {
                let head = try withLMDBLog(path) { log in
                    if step > 0 { try log.append(.of("a")) }
                    #expect(try log.chainHead == log.recomputedChain())
                    return log.head.position
                }
                expected = step < 2 ? [head] : [ChainHash.milestone, head]
                #expect(try stored(path).keys.sorted() == expected)
            }
            #expect(expected == [ChainHash.milestone, ChainHash.milestone + 1])
        }
    }

    @Test func `What is refused or decided without an event leaves the chain`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { log in
                let outcomes = log.proposeTogether([
                    { _ in .append(.of("a")) }, { _ in .nothing(answer: []) }, { _ in .append(.of("a", read: 0)) },
                    { _ in .refuse(answer: []) }, { _ in .append(.of("b")) },
                ])
                #expect(outcomes.count { if case .failure = $0 { true } else { false } } == 1)
                let before = try log.chainHead
                #expect(before.position == 2)
                #expect(try before == log.recomputedChain())
                _ = try log.propose { _ in .nothing(answer: []) }
                #expect(try log.chainHead == before)
            }
        }
    }

    @Test func `Two logs of the same records have two chains`() throws {
        let chains = try (0..<2).map { _ in
            try withTemporaryDirectory { path in
                try withLMDBLog(path) { log in
                    try GoldenVectors.append(to: log)
                    return try log.chainHead.hash
                }
            }
        }
        #expect(chains[0] != chains[1])
    }

    @Test(arguments: [nil, [1, 2, 3], [UInt8](repeating: 0, count: 33)])
    func `A log whose newest value is gone or is not a value is refused`(value: [UInt8]?) throws {
        try withLogOfThree { path in
            try withEnvironment(path) { environment in
                let key = ReferenceRecord.bigEndian(3, 8)
                if let value { try environment.put("chain", key, value) } else { try environment.delete("chain", key) }
            }
            for found in [damage { try withLMDBLog(path) { _ in } }, damage { _ = try LogReader(directory: path) }] {
                #expect(found?.position == 3)
                #expect(found?.problem.hasPrefix("the hash chain") == true)
            }
        }
    }

    private func stored(_ path: String) throws -> [Position: ChainHash] {
        let environment = try Environment(path: path, mapSize: 0, durability: .everyCommit, readOnly: true)
        let table = try environment.table("chain")
        return try environment.read { transaction in
            try transaction.withCursor(table) { cursor in
                var values: [Position: ChainHash] = [:]
                while let row = try cursor.next() {
                    values[UInt64(bigEndian: row.key.loadUnaligned(as: UInt64.self))] = ChainHash(row.value)
                }
                return values
            }
        }
    }
}
