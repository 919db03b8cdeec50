import EventLog
import Foundation
import TestSupport
import Testing

/// A process is killed in a certain phase of its work, and its commands are sent again: each has happened once, where
/// its sender was told.
@Suite struct CrashPhaseTests {
    /// `tail`: nothing is applied, so the next process opens behind a long tail. `apply`: the tables are being brought
    /// up to the journal all the time. `reopen`: the log is being closed, opened, and begins an epoch.
    @Test(arguments: ["tail", "apply", "reopen"]) func `Commands that are sent again have one event`(mode: String)
        throws
    {
        var generator = SplitMix64(seed: 30)
        try withTemporaryDirectory { path in
            var told: [Position: Position] = [:]
            for round in 0..<10 {
                let first = Position(told.count)
                let wanted = told.count + Int.random(in: 1...(mode == "tail" ? 3000 : 300), using: &generator)
                try kill(path, mode, from: first, when: { $0 >= wanted }, after: generator.below(5000), &told)
                // While it opens behind what is left, or applies it, and again.
                for _ in 0..<generator.below(3) {
                    try kill(path, mode, from: first, when: { _ in true }, after: generator.below(40_000), &told)
                }
                try sendAgain(path, told, round)
            }
        }
    }

    /// Starts a writer and kills it.
    ///
    /// - Parameters:
    ///   - isEnough: asked before each answer, with the number of commands that were answered.
    ///   - told: gets what was answered.
    private func kill(
        _ directory: String, _ mode: String, from first: Position, when isEnough: (_ count: Int) -> Bool,
        after microseconds: Int, _ told: inout [Position: Position]
    ) throws {
        let process = try ChildProcess([LogWriterProcess.program.path, directory, mode, "\(first)"])
        func take() -> Bool {
            let bytes = process.read(16)
            guard bytes.count == 16 else { return false }
            let (number, position) = bytes.withUnsafeBytes {
                ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            }
            #expect(told[number] ?? position == position, "command \(number) is told another position than before")
            told[number] = position
            return true
        }
        while !isEnough(told.count), take() {}
        usleep(UInt32(microseconds))
        process.kill()
        while take() {}
        #expect(process.wait() == -SIGKILL)
    }

    /// Sends all commands again, and those that nobody was told about.
    private func sendAgain(_ path: String, _ told: [Position: Position], _ round: Int) throws {
        try withLMDBLog(path) { log in
            let count = log.head.position
            #expect(count >= Position(told.count), "round \(round)")
            #expect(try log.chainHead == log.recomputedChain(), "round \(round)")
            var positions: [String: Position] = [:]
            _ = try log.read(after: 0, limit: .max) { record in
                let key = String(decoding: record.idempotency!.key, as: UTF8.self)
                #expect(positions.updateValue(record.position, forKey: key) == nil, "command \(key) has two events")
            }
            let expected = Dictionary(uniqueKeysWithValues: told.map { ("\($0)", $1) })
            #expect(positions.merging(expected) { $1 } == positions, "round \(round)")
            for number in told.keys.sorted().suffix(200) {
                let idempotency = Idempotency(
                    actor: 1, key: Array("\(number)".utf8), fingerprint: [UInt8](repeating: 1, count: 16))
                let outcome = try log.append(.of("again"), idempotency)
                #expect(outcome == .repeated(told[number]!, answer: []))
            }
            #expect(log.head.position == count)
        }
        let report = try check(path)
        #expect(report.isSound, "round \(round): \(report.findings)")
    }
}
