internal import Files

/// The segments that have begun, oldest first.
struct SegmentList<File: DiskFile> {
    private(set) var segments: [Segment<File>]

    /// Takes away those that hold only frames up to one; the newest one never.
    ///
    /// - Returns: what was taken away, in the order in which it must be removed: with the directory synced between any
    ///   two, so that a power cut never leaves a gap.
    mutating func forget(through number: FrameNumber) -> [Segment<File>] {
        var count = 0
        while count + 1 < segments.count, segments[count + 1].header.before.number <= number { count += 1 }
        defer { segments.removeFirst(count) }
        return Array(segments.prefix(count))
    }

    mutating func append(_ segment: Segment<File>) { segments.append(segment) }

    /// Lends the frames that a log ending at `position` may lack, up to a number and a position.
    ///
    /// - Returns: the newest frame that was passed; `nil` when there was none.
    /// - Throws: ``JournalError`` where a frame does not continue the one before; what `body` throws.
    func read(
        after position: Position, through number: FrameNumber, upTo last: Position,
        _ body: (FrameView) throws -> Void
    ) throws -> JournalHead? {
        var head: JournalHead?
        for (index, segment) in segments.enumerated() {
            let next = index + 1 < segments.count ? segments[index + 1].header : nil
            if let next, next.before.position < position { continue }
            // What a later epoch does not continue was given up.
            let end = min(number, next?.before.number ?? .max)
            var sequence = FrameSequence(after: segment.header.before)
            if let head, head != sequence.head { return head }
            var scan = SegmentScan(segment)
            while sequence.head.number < end, let frame = try scan.next() {
                guard frame.lastPosition <= last else { return sequence.head }
                if let problem = sequence.take(frame, checksChain: false) {
                    throw JournalError.corrupt(
                        JournalCorruption(
                            segment: segment.name, offset: scan.offset - frame.bytes.count,
                            problem: "\(problem); \(JournalCorruption.advice)"))
                }
                if frame.isNews(after: position) { try body(frame) }
            }
            head = sequence.head
        }
        return head
    }
}
