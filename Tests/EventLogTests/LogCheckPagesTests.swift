import EventLog
import Foundation
import TestSupport
import Testing

/// What a check finds where pages of the data file are damaged.
@Suite struct LogCheckPagesTests {
    @Test func `Damaged pages of records are found and the rest is looked at`() throws {
        try withTemporaryDirectory { path in
            try withLMDBLog(path) { log in
                for index in 0..<400 {
                    try log.append(.of("s\(index % 50)", payload: "many bytes \(index)"), .key("\(index)"))
                }
            }
            let file = try DataFile(path)
            var (unreadable, refused) = (0, 0)
            for page in 2..<(file.bytes.count / 4096) {
                var bytes = file.bytes
                for offset in 0..<64 { bytes[page * 4096 + offset] = 0xA5 }
                try bytes.write(to: URL(filePath: path + "/data.mdb"))
                do {
                    let report = try check(path)
                    let ranges = report.findings.compactMap {
                        if case .unreadable(let range, _) = $0 { range } else { nil }
                    }
                    if !ranges.isEmpty {
                        #expect(ranges.count == 1)
                        #expect(report.findings.count == 1, "\(report.findings)")
                        #expect(report.events == 400 - ranges[0].count)
                        unreadable += 1
                    }
                    for finding in report.findings { #expect(finding.description.contains("restore a backup")) }
                } catch let error as LogCorruption {
                    #expect(error.problem.contains("restore a backup"))
                    refused += 1
                }
            }
            #expect(unreadable > 5)
            #expect(refused > 0)
        }
    }

    /// Whatever bit is flipped in the file: where a row is another one, or cannot be read, something is found.
    @Test(arguments: 0..<4) func `Every flipped bit that changes a row is found`(part: UInt64) throws {
        try withTemporaryDirectory { path in
            try RandomHistory(seed: 50 + part).write(path, proposals: 120)
            let file = try DataFile(path)
            let rows = try allRows(path)
            var generator = SplitMix64(seed: part)
            var (found, harmless) = (0, 0)
            for round in 0..<160 {
                var bytes = file.bytes
                var offset = Int.random(in: 0..<bytes.count, using: &generator)
                if round % 3 == 0 { offset = offset / 4096 * 4096 + Int.random(in: 0..<100, using: &generator) }
                bytes[offset] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                try bytes.write(to: URL(filePath: path + "/data.mdb"))
                do {
                    let report = try check(path)
                    guard report.isSound else {
                        found += 1
                        continue
                    }
                    // LMDB may be used now: every page was looked at.
                    let now = try allRows(path)
                    let changed = Set(now.keys).union(rows.keys).filter { now[$0] != rows[$0] }
                    // The answers to commands that made no event have nothing to be compared with.
                    #expect(
                        changed.allSatisfy {
                            isAnswer($0, now) && isAnswer($0, rows) || $0.hasPrefix("commands") && isAnswer($0, now)
                        }, "\(changed)")
                    harmless += 1
                } catch let error as LogCorruption {
                    #expect(!error.problem.isEmpty)
                    found += 1
                }
            }
            #expect(found > 25)
            #expect(harmless > 25)
        }
    }

    private func isAnswer(_ key: String, _ rows: [String: [UInt8]]) -> Bool {
        guard key.hasPrefix("commands") else { return false }
        guard let row = rows[key] else { return true }
        return row.count >= 24 && row[16..<24].allSatisfy { $0 == 0 }
    }
}
