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
    /// - Parameter place: where an earlier reading ended that had all before it. It must not be given up.
    /// - Returns: the place of the newest frame that was passed; `nil` when there was none.
    /// - Throws: ``JournalError`` where a frame does not continue the one before; what `body` throws.
    func read(
        after position: Position, through number: FrameNumber, upTo last: Position, from place: JournalPlace? = nil,
        _ body: (FrameView) throws -> Void
    ) throws -> JournalPlace? {
        var reached: JournalPlace?
        for (index, segment) in segments.enumerated() {
            let next = index + 1 < segments.count ? segments[index + 1].header : nil
            if let next, next.before.position < position { continue }
            if let place, segment.header.number < place.segment { continue }
            // What a later epoch does not continue was given up.
            let end = min(number, next?.before.number ?? .max)
            var here = JournalPlace(
                segment: segment.header.number, offset: SegmentHeader.framesStart, head: segment.header.before)
            if let reached, reached.head != here.head { return reached }
            if let place, place.segment == here.segment { here = place }
            var sequence = FrameSequence(after: here.head)
            var scan = SegmentScan(segment, from: here.offset)
            while sequence.head.number < end, let frame = try scan.next() {
                guard frame.lastPosition <= last else { return here }
                if let problem = sequence.take(frame, checksChain: false) {
                    throw JournalError.corrupt(
                        JournalCorruption(
                            segment: segment.name, offset: scan.offset - frame.bytes.count,
                            problem: "\(problem); \(JournalCorruption.advice)"))
                }
                if frame.isNews(after: position) { try body(frame) }
                here.offset = scan.offset
                here.head = sequence.head
            }
            reached = here
        }
        return reached
    }
}

/// Where a frame of a journal ends.
public struct JournalPlace: Sendable {
    let segment: UInt64
    /// In the segment, in bytes.
    fileprivate(set) var offset: Int
    /// The frame.
    fileprivate(set) var head: JournalHead
}
