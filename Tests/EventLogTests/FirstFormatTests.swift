import EventLog
import Foundation
import LMDB
import Testing

/// Logs without a hash chain, which the first version of Martlet wrote.
@Suite struct FirstFormatTests {
    private static let golden = "229faae1ac3c039a30863992aa8c0721f12b411dd3acd38970920cfbf27d823b"

    @Test func theFirstOpeningForWritingGivesItAChain() throws {
        try withTemporaryDirectory { path in
            try FirstFormat.writeGoldenLog(path)
            let before = try allRows(path)
            for _ in 0..<2 {
                try withLMDBLog(path) { log in
                    let chain = try log.chainHead
                    #expect(log.identity == FirstFormat.identity)
                    #expect(log.head.position == 2)
                    #expect(chain.hash.description == FirstFormatTests.golden)
                }
            }
            var after = try allRows(path)
            #expect(after.removeValue(forKey: "meta format") == Array("martlet-log 2".utf8))
            #expect(after.removeValue(forKey: "chain 0000000000000002") == bytes(hex: FirstFormatTests.golden))
            #expect(after == before.filter { $0.key != "meta format" })
        }
    }

    @Test func aReaderShowsItAndItsChainAndChangesNothing() throws {
        try withTemporaryDirectory { path in
            try FirstFormat.writeGoldenLog(path)
            let before = try Data(contentsOf: URL(filePath: path + "/data.mdb"))
            try withReader(path) { reader in
                let (records, chain) = (try reader.records(), try reader.chainHead)
                #expect(records == [GoldenVectors.registration, GoldenVectors.publication])
                #expect(chain.hash.description == FirstFormatTests.golden)
            }
            #expect(try Data(contentsOf: URL(filePath: path + "/data.mdb")) == before)
        }
    }

    @Test func aLongOneGetsItsMilestones() throws {
        try withTemporaryDirectory { path in
            let count = 2 * ChainHash.milestone + 5
            try FirstFormat.writeLog(path, ofEvents: count)
            let expected = try withReader(path) { try $0.chainHead }
            try withLMDBLog(path) { log in
                #expect(try log.chainHead == expected)
                try log.append(.of("a", .exactly(count)))
            }
            let chain = try allRows(path).keys.filter { $0.hasPrefix("chain") }.sorted()
            #expect(chain == ["chain 0000000000010000", "chain 0000000000020000", "chain 0000000000020006"])
            let (chainHead, recomputed) = try withReader(path) { (try $0.chainHead, try $0.recomputedChain()) }
            #expect(chainHead == recomputed)
        }
    }

    /// The chain would vouch for what is wrong.
    @Test(arguments: [false, true]) func aDamagedOneIsRefusedAndLeftAsItIs(isMissing: Bool) throws {
        try withTemporaryDirectory { path in
            try FirstFormat.writeLog(path, ofEvents: 9)
            let key = ReferenceRecord.bigEndian(4, 8)
            try withEnvironment(path) { environment in
                if isMissing {
                    try environment.delete("events", key)
                } else {
                    try environment.put("events", key, [1, 2])
                }
            }
            let before = try allRows(path)
            for _ in 0..<2 { #expect(damage { try withLMDBLog(path) { _ in } }?.position == 4) }
            #expect(try allRows(path) == before)
        }
    }

    /// An upgrade that was cut off has made the table and nothing else.
    @Test func anUpgradeThatWasCutOffIsMadeAnew() throws {
        try withTemporaryDirectory { path in
            try FirstFormat.writeGoldenLog(path)
            try withEnvironment(path) { try $0.put("chain", ReferenceRecord.bigEndian(9, 8), [1, 2, 3]) }
            #expect(try withReader(path) { try $0.chainHead.hash.description } == FirstFormatTests.golden)
            #expect(try withLMDBLog(path) { try $0.chainHead.hash.description } == FirstFormatTests.golden)
            #expect(try allRows(path).keys.filter { $0.hasPrefix("chain") } == ["chain 0000000000000002"])
        }
    }
}
