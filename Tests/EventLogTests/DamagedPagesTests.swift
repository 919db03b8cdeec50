import EventLog
import Foundation
import TestSupport
import Testing

/// Bits that are flipped anywhere in the data file: reading ends with records that are whole, or with a clear error.
@Suite struct DamagedPagesTests {
    @Test(arguments: [false, true]) func `No flipped bit ends the process`(isOpenedForWriting: Bool) throws {
        try withTemporaryDirectory { path in
            try RandomHistory(seed: 3).write(path, proposals: 300)
            let records = try withReader(path) { try $0.records() }
            let whole = try Data(contentsOf: URL(filePath: path + "/data.mdb"))
            var generator = SplitMix64(seed: 4)
            var refused = 0
            for round in 0..<600 {
                var file = whole
                var offset = Int.random(in: 0..<file.count, using: &generator)
                // Half of them where LMDB keeps what it trusts.
                if round % 2 == 0 { offset = offset / 4096 * 4096 + Int.random(in: 0..<150, using: &generator) }
                file[offset] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                try file.write(to: URL(filePath: path + "/data.mdb"))
                do {
                    if isOpenedForWriting {
                        #expect(try withLMDBLog(path) { try $0.records() } == records)
                    } else {
                        try withReader(path) { reader in
                            let found = try reader.records()
                            #expect(found == records)
                            try reader.withSnapshot { try $0.readAnswers { _ in } }
                            _ = try reader.newest(atOrBefore: 5_000)
                            _ = try reader.chainHead
                        }
                    }
                } catch let error as LogCorruption {
                    #expect(
                        error.position > 0 || error.problem.contains("restore a backup")
                            || error.problem.contains("format"))
                    refused += 1
                }
            }
            #expect(refused > 100)
        }
    }
}
