import Bytes
import LMDB

/// Goes through the `events` table, across gaps and damaged pages, and tells what is at each position.
struct RecordScan {
    enum Step {
        case record(Position, UnsafeRawBufferPointer)
        case missing(ClosedRange<Position>)
        case unreadable(ClosedRange<Position>, problem: String)
        /// A row that is not an event.
        case foreign(problem: String)
    }

    private var cursor: PageCursor
    private let last: Position
    private var expected: Position = 1
    private var ahead: Cursor.Row?
    private var isFirst = true

    init(_ cursor: PageCursor, until last: Position) {
        self.cursor = cursor
        self.last = last
    }

    /// What is at the next position or positions; `nil` after the last one.
    mutating func next() throws -> Step? {
        guard expected <= last else { return nil }
        let row: Cursor.Row?
        do throws(LMDBError) {
            row = if let ahead { ahead } else { try isFirst ? cursor.first() : cursor.next() }
        } catch {
            return try resume(after: error)
        }
        isFirst = false
        ahead = nil
        guard let row else { return skip(to: last + 1) }
        guard row.key.count == 8 else { return .foreign(problem: "it has a key of \(row.key.count) bytes") }
        let position = row.key.bigEndianUInt64(at: 0)
        guard position >= expected else { return .foreign(problem: "it has a row for position \(position)") }
        if position > expected {
            ahead = row
            return skip(to: position)
        }
        expected += 1
        return .record(position, row.value)
    }

    private mutating func skip(to position: Position) -> Step {
        defer { expected = position }
        return .missing(expected...(position - 1))
    }

    /// Finds the first position after which pages can be read again, by steps that double and then by bisection.
    private mutating func resume(after error: LMDBError) throws -> Step {
        var (bad, good) = (expected, last + 1)
        var step: Position = 1
        while bad + step <= last {
            if try canRead(bad + step) {
                good = bad + step
                break
            }
            bad += step
            step *= 2
        }
        while good - bad > 1 {
            let middle = bad + (good - bad) / 2
            if try canRead(middle) { good = middle } else { bad = middle }
        }
        let first = expected
        expected = good
        ahead = good <= last ? try find(good) : nil
        isFirst = false
        return .unreadable(first...(good - 1), problem: "\(error)")
    }

    private mutating func canRead(_ position: Position) throws -> Bool {
        do {
            return try find(position) != nil
        } catch let error as LMDBError where error.isCorruption {
            return false
        }
    }

    private mutating func find(_ position: Position) throws -> Cursor.Row? {
        try position.withBigEndianBytes { try cursor.first(atOrAfter: $0) }
    }
}
