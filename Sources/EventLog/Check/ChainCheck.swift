import Bytes
import Journal
import LMDB

/// Computes the hash chain beside the records, and compares it with each value that is stored.
struct ChainCheck {
    private var stored: PageCursor?
    private var next: (position: Position, hash: ChainHash?)?
    private var verified: Position = 0
    private let last: Position
    /// The value so far; `nil` after a record whose bytes are not known.
    private(set) var hash: ChainHash?
    /// Whether all records from the first one on were taken in.
    private(set) var isUnbroken = true

    /// - Parameter stored: the `chain` table; `nil` when there is no such table, so that nothing can be compared.
    init(_ stored: PageCursor?, identity: [UInt8], until last: Position) {
        self.stored = stored
        self.last = last
        hash = ChainHash(identity: identity)
    }

    /// Takes in the record at the next position.
    ///
    /// - Parameter record: `nil` when it is damaged. The chain then starts again at the next stored value.
    mutating func append(_ record: UnsafeRawBufferPointer?, at position: Position, _ check: LogCheck) throws {
        if let record {
            hash?.append(record)
        } else {
            hash = nil
            isUnbroken = false
        }
        if position % ChainHash.milestone == 0 || position == last { try compare(at: position, check) }
    }

    /// Skips positions without a record.
    mutating func skip(_ range: ClosedRange<Position>, _ check: LogCheck) throws {
        hash = nil
        isUnbroken = false
        var milestone = (range.lowerBound + ChainHash.milestone - 1) / ChainHash.milestone * ChainHash.milestone
        while milestone <= range.upperBound {
            try compare(at: milestone, check)
            milestone += ChainHash.milestone
        }
        if range.upperBound == last, last % ChainHash.milestone != 0 { try compare(at: last, check) }
    }

    /// Looks for values beyond the newest event.
    mutating func finish(_ check: LogCheck) throws {
        if last == 0 { try advance(check) }
        while let found = next {
            try check.add(.chainValue(found.position, problem: "is one that is not kept"))
            try advance(check)
        }
    }

    private mutating func compare(at position: Position, _ check: LogCheck) throws {
        guard stored != nil else { return }
        if next == nil { try advance(check) }
        while let found = next, found.position < position {
            try check.add(.chainValue(found.position, problem: "is one that is not kept"))
            try advance(check)
        }
        defer { verified = position }
        guard stored != nil else { return }
        let value = next?.position == position ? next?.hash : nil
        if next?.position == position { try advance(check) }
        guard let value else {
            return try check.add(.chainValue(position, problem: "is missing or has another size"))
        }
        if let hash, hash != value {
            try check.add(.chain((verified + 1)...position))
            isUnbroken = false
        }
        hash = value
    }

    private mutating func advance(_ check: LogCheck) throws {
        next = nil
        do {
            guard let row = try stored?.next() else { return }
            guard row.key.count == 8 else {
                stored = nil
                return try check.add(.table("chain", problem: "it has a key of \(row.key.count) bytes"))
            }
            next = (row.key.bigEndianUInt64(at: 0), ChainHash(row.value))
        } catch let error as LMDBError where error.isCorruption {
            stored = nil
            try check.add(.table("chain", problem: "\(error)"))
        }
    }
}
