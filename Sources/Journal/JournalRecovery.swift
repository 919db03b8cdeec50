internal import Bytes
internal import Files

/// Where the log proper ends: what the journal's frames are applied to.
public struct LogEnd: Sendable, Equatable {
    /// The position of its newest record.
    public var position: Position
    /// The chain value there.
    public var chain: ChainValue

    /// An end of a log.
    public init(position: Position, chain: ChainValue) {
        self.position = position
        self.chain = chain
    }
}

/// Finds out what a journal holds after whatever has happened to it. It changes nothing.
///
/// 1. A segment has begun when its header is whole. A file without one is room that was never used; but if frames stand
///    in it, its header was damaged.
/// 2. Segments follow each other by their number, and epochs grow with them. Each header names the newest frame before
///    it. So what an older epoch holds beyond that was given up, and is passed over.
/// 3. A frame counts if its checksum is right, with the epoch and the number of the segment in it, and if it continues
///    number, position and hash chain of the one before.
/// 4. The newest segment ends where no whole frame follows: what stands there was torn, and never acknowledged. Any
///    other end, and a torn one behind which a frame says that it was durable, is damage.
struct JournalRecovery<D: Disk> {
    /// What has begun, oldest first; empty for a new journal.
    private(set) var segments: [Segment<D.File>] = []
    /// The newest frame.
    private(set) var head: JournalHead
    /// Names of files that hold nothing.
    private(set) var unused: [String] = []
    /// The bytes of the newest segment of which nobody knows whether they are on the disk, or only in the memory of
    /// the system.
    private(set) var unsure = 0..<0
    /// The largest number of a file.
    private(set) var newestNumber: UInt64 = 0
    /// The largest epoch.
    var epoch: UInt64 { segments.last?.header.epoch ?? 0 }

    private let log: LogEnd
    private var metLog = false

    /// Reads a journal that nobody writes.
    ///
    /// - Throws: ``JournalError`` where it is damaged; ``FileError``.
    init(_ disk: D, identity: [UInt8], log: LogEnd, opening: DiskOpening) throws {
        self.log = log
        head = JournalHead(position: log.position, chain: log.chain)
        try findSegments(disk, opening)
        try checkOrder(identity)
        try readFrames()
    }

    private mutating func findSegments(_ disk: D, _ opening: DiskOpening) throws {
        let numbers = try disk.names().compactMap { SegmentName.number($0) }.sorted()
        newestNumber = numbers.last ?? 0
        for number in numbers {
            let name = SegmentName.of(number)
            let file = try disk.open(name, opening)
            if let segment = try Segment(file, number: number) {
                segments.append(segment)
            } else {
                guard try !Segment.holdsFrames(file) else {
                    throw damage(
                        name, "its header is damaged, and frames stand behind it; \(JournalCorruption.advice)")
                }
                unused.append(name)
            }
        }
    }

    private func checkOrder(_ identity: [UInt8]) throws {
        var epoch: UInt64 = 0
        for segment in segments {
            guard segment.header.identity == identity else {
                throw damage(
                    segment.name,
                    "it belongs to the log \(hexadecimal(segment.header.identity)), not to \(hexadecimal(identity)); "
                        + "put back the journal of this log")
            }
            guard segment.header.epoch >= epoch else {
                throw damage(
                    segment.name,
                    "its epoch \(segment.header.epoch) is older than \(epoch) of the segment before it; "
                        + "put back the journal of this log")
            }
            epoch = segment.header.epoch
        }
    }

    private mutating func readFrames() throws {
        guard let first = segments.first else { return }
        head = first.header.before
        guard head.position <= log.position else {
            throw damage(
                nil,
                "it begins after position \(head.position), but the log ends at \(log.position); restore a backup")
        }
        for (index, segment) in segments.enumerated() {
            let next = index + 1 < segments.count ? segments[index + 1].header : nil
            guard segment.header.before == head else {
                throw damage(
                    segment.name,
                    "it goes on after frame \(segment.header.before.number) at position "
                        + "\(segment.header.before.position), but what is before it ends with frame "
                        + "\(head.number) at position \(head.position); \(JournalCorruption.advice)")
            }
            try meetLog()
            // The log holds all of it, answers too.
            if let next, next.before.position < log.position {
                head = next.before
            } else {
                try read(segment, through: next?.before.number)
            }
        }
        guard metLog else {
            throw damage(
                nil,
                log.position > head.position
                    ? "it ends at position \(head.position), but the log at \(log.position); put back the journal of "
                        + "this log, or restore a backup"
                    : "no frame ends at position \(log.position), where the log ends; restore a backup")
        }
    }

    /// - Parameter last: the newest frame of the segment that counts; `nil` in the newest segment.
    private mutating func read(_ segment: Segment<D.File>, through last: FrameNumber?) throws {
        var sequence = FrameSequence(after: head)
        var scan = SegmentScan(segment)
        // The frames that were not known to be durable when the newest one was written.
        var unsureFrames: [(number: FrameNumber, start: Int)] = []
        while sequence.head.number < last ?? .max {
            let start = scan.offset
            guard let frame = try scan.next() else { break }
            if let problem = sequence.take(frame, checksChain: frame.lastPosition > log.position) {
                throw damage(segment.name, at: start, "\(problem); \(JournalCorruption.advice)")
            }
            head = sequence.head
            try meetLog()
            unsureFrames.removeAll { $0.number <= frame.durable }
            unsureFrames.append((frame.number, start))
        }
        guard last == nil else { return }
        unsure = (unsureFrames.first?.start ?? scan.offset)..<scan.offset
        guard try !scan.isDamaged(after: head.number) else {
            throw damage(
                segment.name, at: scan.offset, "frame \(head.number + 1) is damaged; \(JournalCorruption.advice)")
        }
    }

    /// Compares the chain where the log ends.
    private mutating func meetLog() throws {
        guard head.position == log.position else { return }
        guard head.chain == log.chain else {
            throw damage(
                nil,
                "its hash chain at position \(log.position) is \(head.chain), but the log's is \(log.chain); "
                    + "put back the journal of this log, or restore a backup")
        }
        metLog = true
    }

    private func damage(_ segment: String?, at offset: Int = 0, _ problem: String) -> JournalError {
        .corrupt(JournalCorruption(segment: segment, offset: offset, problem: problem))
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String { bytes.withUnsafeBytes { Hexadecimal.text($0) } }
}
