import EventLog
import Glibc
import TestSupport
import Testing

/// A process that appends is killed at random moments; whatever it acknowledged has to be there.
@Suite struct CrashTests {
    /// Also beside a reader in a third process, who keeps LMDB from making its table of readers anew.
    @Test(arguments: [false, true]) func `What was acknowledged survives killing`(besideAReader: Bool) throws {
        var generator = SplitMix64(seed: besideAReader ? 21 : 20)
        try withTemporaryDirectory { path in
            var last: Position = 0
            if besideAReader { try withLMDBLog(path) { _ in } }
            let reader = besideAReader ? try LogWriterProcess(path, holds: true) : nil
            if let reader { #expect(reader.nextPosition() == 0) }
            defer { _ = reader?.kill() }
            for round in 1...(besideAReader ? 10 : 24) {
                // Every second one is killed soon after its start, whatever it is doing: often while it opens the log.
                let wanted = round % 2 == 1 ? 0 : last + Position.random(in: 1...400, using: &generator)
                let delay = UInt32.random(in: 0...30_000, using: &generator)
                let acknowledged = try killWriter(path, after: wanted, microseconds: wanted == 0 ? delay : 0)
                #expect(acknowledged >= wanted)
                try withLMDBLog(path) { log in
                    #expect(log.head.position >= acknowledged, "round \(round)")
                    var expected: Position = 1
                    _ = try log.read(after: 0, limit: .max) { record in
                        let streams = record.streams.map { "\($0.name) \($0.version)" }
                        #expect(streams == ["own/\(expected) 1", "shared \(expected)"])
                        #expect(record.payload.count == Int(expected % 50) * 40)
                        #expect(record.payload.allSatisfy { $0 == UInt8(expected % 251) })
                        expected += 1
                    }
                    #expect(expected == log.head.position + 1)
                    let shared = try log.head(of: StreamName("shared"))
                    #expect(shared?.version ?? 0 == log.head.position)
                    let beyond = try log.head(of: StreamName("own/\(expected)"))
                    #expect(beyond == nil)
                    #expect(try log.chainHead == log.recomputedChain(), "round \(round)")
                    last = log.head.position
                }
                let report = try check(path)
                #expect(report.isSound, "round \(round): \(report.findings)")
            }
        }
    }

    /// Runs the writer until a position is acknowledged and so many microseconds more, and kills it.
    ///
    /// - Returns: the last position that it acknowledged before it died.
    private func killWriter(_ directory: String, after wanted: Position, microseconds: UInt32) throws -> Position {
        let writer = try LogWriterProcess(directory)
        var acknowledged: Position = 0
        while acknowledged < wanted, let position = writer.nextPosition() { acknowledged = position }
        usleep(microseconds)
        let (last, wasKilled) = writer.kill()
        #expect(wasKilled)
        return last ?? acknowledged
    }
}
