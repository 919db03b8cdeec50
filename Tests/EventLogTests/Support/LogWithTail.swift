import EventLog
import Files
import Foundation
import Journal
import TestSupport

/// A log as a process leaves it that was killed: what is newest stands in the frames of the journal alone.
final class LogWithTail {
    let directory: String
    let identity: [UInt8]
    /// Where the tables end.
    let stored: LogEnd
    /// Where each frame ends, by their order.
    private(set) var frameEnds: [Position] = []
    /// How many bytes each frame has.
    private(set) var frameSizes: [Int] = []
    private var appender: JournalAppender<SystemDisk>?
    private var end: LogEnd

    /// Begins one: a log of the records of another one up to a position, with an empty journal.
    ///
    /// - Parameter answers: those that the tables hold.
    init(_ directory: String, _ original: LogContents, storing last: Position, answers: [LogContents.Answer]) throws {
        let log = try RestoredLog(directory: directory, identity: original.identity, mapSize: 1 << 28)
        for (index, record) in original.records.prefix(Int(last)).enumerated() {
            try record.withUnsafeBytes { try log.append(RecordView(position: Position(index + 1), $0)) }
        }
        for answer in answers { try answer.lend { try log.append($0) } }
        try log.finish()
        self.directory = directory
        identity = original.identity
        stored = LogEnd(position: last, chain: log.chainHead.hash)
        end = stored
        try FileManager.default.createDirectory(atPath: directory + "/journal", withIntermediateDirectories: false)
        try open()
    }

    /// Opens the journal, which begins an epoch.
    func open() throws {
        appender = try JournalAppender(
            SystemDisk(directory: directory + "/journal"), identity: identity, log: stored)
    }

    /// Appends a frame.
    ///
    /// - Parameter chain: the chain value before it, if it is not to be the right one.
    func append(_ records: [[UInt8]], _ answers: [LogContents.Answer] = [], chain: ChainHash? = nil) throws {
        var builder = FrameBuilder(after: end.position, chain: chain ?? end.chain)
        for record in records { precondition(record.withUnsafeBytes { builder.add(record: $0) }) }
        for answer in answers {
            precondition(
                answer.key.withUnsafeBytes { key in
                    answer.value.withUnsafeBytes { builder.add(answer: $0, key: key) }
                })
        }
        let frame = builder.finish()
        guard case .durable = appender!.append([frame]) else { throw LogError.closed }
        end = LogEnd(position: frame.lastPosition, chain: frame.chain)
        frameEnds.append(frame.lastPosition)
        frameSizes.append(frame.size)
    }

    /// Lets go of the segments that hold only frames up to one, and goes on in a new one.
    func beginSegment() throws { try appender!.beginEpoch() }

    /// Writes the head file, as its owner does.
    func note(_ position: Position) throws {
        let file = try FileHandle(forWritingTo: URL(filePath: directory + "/head"))
        try file.write(contentsOf: Data("\(String(format: "%020d", position))\n".utf8))
        try file.close()
    }

    /// The paths of its segments, oldest first.
    func segments() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory + "/journal").sorted()
            .map { directory + "/journal/" + $0 }
    }
}

/// All that can be read of a log, copied.
struct LogContents: Equatable {
    struct Answer: Equatable {
        var key: [UInt8]
        var value: [UInt8]

        /// - Parameter value: the answer alone.
        init(_ key: Idempotency, answer value: [UInt8], position: Position = 0) {
            self.key = ReferenceRecord.bigEndian(key.actor, 8) + key.key
            self.value = key.fingerprint + ReferenceRecord.bigEndian(position, 8) + value
        }

        init(_ answer: RememberedAnswer) { (key, value) = (Array(answer.key), Array(answer.value)) }

        func lend(_ body: (RememberedAnswer) throws -> Void) throws {
            try key.withUnsafeBytes { key in
                try value.withUnsafeBytes { value in
                    if let answer = try RememberedAnswer(key, value) { try body(answer) }
                }
            }
        }
    }

    var identity: [UInt8]
    var head: LogHead
    var chain: ChainHead
    var records: [[UInt8]] = []
    var answers: [Answer] = []

    /// As one snapshot shows it.
    init(_ reader: LogReader) throws {
        identity = reader.identity
        (head, chain, records, answers) = try reader.withSnapshot { snapshot in
            var records: [[UInt8]] = []
            var answers: [Answer] = []
            let count = try snapshot.read(after: 0, limit: .max) { records.append(Array($0.bytes)) }
            precondition(count == records.count)
            try snapshot.readAnswers { answers.append(Answer($0)) }
            return (snapshot.head, snapshot.chainHead, records, answers)
        }
    }

    /// Those of a log made by ``RandomHistory``.
    init(ofHistory seed: UInt64, proposals: Int) throws {
        self = try withTemporaryDirectory { path in
            try RandomHistory(seed: seed).write(path, proposals: proposals)
            return try withReader(path) { try LogContents($0) }
        }
    }

    /// Lends a copy of the log of which a part, by a seed, is in the journal alone. The head file names where the tables
    /// end.
    func withTail<Result>(seed: UInt64, _ body: (LogWithTail) throws -> Result) throws -> Result {
        var generator = SplitMix64(seed: seed)
        return try withTemporaryDirectory { path in
            let last = Int.random(in: 0...records.count, using: &generator)
            var newAnswers: [Answer] = []
            var oldAnswers: [Answer] = []
            for answer in answers {
                if generator.oneIn(2) { newAnswers.append(answer) } else { oldAnswers.append(answer) }
            }
            newAnswers.shuffle(using: &generator)
            let log = try LogWithTail(path, self, storing: Position(last), answers: oldAnswers)
            var rest = records[last...]
            while !rest.isEmpty || !newAnswers.isEmpty {
                let count = min(rest.count, generator.oneIn(4) ? 0 : Int.random(in: 1...9, using: &generator))
                let answerCount = min(newAnswers.count, Int.random(in: 0...3, using: &generator))
                guard count + answerCount > 0 else { continue }
                try log.append(Array(rest.prefix(count)), Array(newAnswers.prefix(answerCount)))
                rest = rest.dropFirst(count)
                newAnswers.removeFirst(answerCount)
                if generator.oneIn(6) { try log.beginSegment() }
            }
            return try body(log)
        }
    }
}
