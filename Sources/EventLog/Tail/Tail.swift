internal import Journal

/// The frames of the journal that the tables do not hold yet, in order: the newest part of the log.
struct Tail: Sendable {
    /// Where the tables end, and the frames begin.
    private(set) var start: Position
    private(set) var frames: [Frame] = []
    /// The size of all frames, in bytes.
    private(set) var bytes = 0

    /// An empty tail behind tables that end at a position.
    init(after position: Position) { start = position }

    /// The position of the last record; where the tables end if there is none.
    var end: Position { frames.last?.lastPosition ?? start }
    /// How many records there are.
    var recordCount: Int { Int(end - start) }
    var isEmpty: Bool { frames.isEmpty }

    /// Adds the next frame.
    mutating func append(_ frame: Frame) {
        frames.append(frame)
        bytes += frame.size
    }

    /// Lets go of the oldest frames.
    mutating func removeFirst(_ count: Int) {
        guard count > 0 else { return }
        for frame in frames[..<count] { bytes -= frame.size }
        start = frames[count - 1].lastPosition
        frames.removeFirst(count)
    }

    /// Lets go of the newest frames.
    mutating func removeLast(_ count: Int) {
        for frame in frames.suffix(count) { bytes -= frame.size }
        frames.removeLast(count)
    }

    /// The index of the frame that holds a position, which must be in the tail.
    private func index(of position: Position) -> Int {
        // Answers alone have no position: of several frames that begin at one, the last one holds it.
        var (low, high) = (0, frames.count)
        while low < high {
            let middle = (low + high) / 2
            if frames[middle].lastPosition < position { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The frames that hold some positions, which must be in the tail.
    func frames(holding range: ClosedRange<Position>) -> ArraySlice<Frame> {
        frames[index(of: range.lowerBound)...index(of: range.upperBound)]
    }

    /// The newest account that was registered with a key; 0 if there is none.
    func newestKey() throws -> UInt64 {
        var newest: UInt64 = 0
        _ = try lendRecords(after: start, limit: .max, until: end) { newest = $0.accountWithKey ?? newest }
        return newest
    }

    /// The last of so many positions after one, as far as there are any.
    func last(after position: Position, limit: Int) -> Position {
        let (last, overflows) = position.addingReportingOverflow(UInt64(max(limit, 0)))
        return overflows ? end : min(last, end)
    }

    /// Lends the record at a position; `nil` if it is not in the tail.
    func withRecord<Result>(at position: Position, _ body: (RecordView) throws -> Result) throws -> Result? {
        guard position > start, position <= end else { return nil }
        let frame = frames[index(of: position)]
        return try frame.withRecord(Int(position - frame.firstPosition)) { bytes in
            try body(RecordView(position: position, bytes))
        }
    }

    /// Lends the records after a position that is in the tail or where it starts, at most `limit` of them.
    ///
    /// - Returns: how many there were.
    func lendRecords(
        after position: Position, limit: Int, until last: Position, _ body: (RecordView) throws -> Void
    ) throws -> Int {
        let last = min(last, self.last(after: position, limit: limit))
        guard position >= start, position < last else { return 0 }
        for frame in self.frames(holding: (position + 1)...last) {
            try frame.lendRecords(in: (position + 1)...last, body)
        }
        return Int(last - position)
    }
}

extension Frame {
    /// Lends those of the records whose positions are in a range.
    func lendRecords(in range: ClosedRange<Position>, _ body: (RecordView) throws -> Void) throws {
        guard recordCount > 0 else { return }
        var position = max(firstPosition, range.lowerBound)
        while position <= min(lastPosition, range.upperBound) {
            try withRecord(Int(position - firstPosition)) { try body(RecordView(position: position, $0)) }
            position += 1
        }
    }
}
