import Files
import Glibc
import TestSupport
import Testing

@testable import Journal

/// A process that appends is killed at random moments; whatever it told to be durable has to be there.
@Suite struct KillTests {
    @Test func `What was durable survives killing`() throws {
        var generator = SplitMix64(seed: 30)
        try withTemporaryDirectory { path in
            var last: FrameNumber = 0
            for round in 1...16 {
                let wanted = round % 2 == 1 ? 0 : last + UInt64(generator.below(400))
                let delay = UInt32(generator.below(30_000))
                let told = try kill(path, after: wanted, microseconds: wanted == 0 ? delay : 0)
                let appender = try JournalAppender(SystemDisk(directory: path), identity: identity, log: emptyLog)
                #expect(appender.head.number >= max(told, last), "round \(round)")
                var expected: FrameNumber = 0
                var position: Position = 0
                _ = try appender.segments.read(after: 0, through: .max, upTo: .max) { frame in
                    expected += 1
                    #expect(frame.number == expected)
                    #expect(frame.recordCount == Int(expected % 4))
                    frame.withRecords { place, record in
                        position += 1
                        #expect(place == position)
                        #expect(record.count == 8 * (1 + Int(position % 700)))
                        #expect(record.loadUnaligned(fromByteOffset: record.count - 8, as: UInt64.self) == position)
                    }
                    frame.withAnswers { key, value in
                        #expect(key.loadUnaligned(as: UInt64.self) == expected && Array(value) == Array(key))
                    }
                }
                #expect(expected == appender.head.number)
                last = appender.head.number
            }
            #expect(last > 400)
        }
    }

    /// Runs the writer until a frame is durable and so many microseconds more, and kills it.
    ///
    /// - Returns: the last frame that it told of.
    private func kill(_ directory: String, after wanted: FrameNumber, microseconds: UInt32) throws -> FrameNumber {
        let process = try ChildProcess([Self.program, directory])
        var told: FrameNumber = 0
        func takeNext() -> Bool {
            let bytes = process.read(8)
            guard bytes.count == 8 else { return false }
            told = bytes.withUnsafeBytes { $0.loadUnaligned(as: FrameNumber.self) }
            return true
        }
        while told < wanted, takeNext() {}
        usleep(microseconds)
        process.kill()
        while takeNext() {}
        #expect(process.wait() == -SIGKILL)
        return told
    }

    /// Beside the program that runs the tests.
    private static let program: String = {
        var path = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &path, path.count - 1)
        let own = String(decoding: path[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return own[...own.lastIndex(of: "/")!] + "journal-crash-writer"
    }()
}
