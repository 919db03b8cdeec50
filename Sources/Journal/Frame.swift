internal import Bytes
internal import Hashing

/// The bytes of a frame, as `docs/storage-format.md` describes them. All integers are big-endian.
///
///     offset  size
///     0       4     CRC32C of the epoch (8), the number of the segment (8), and of all that follows
///     4       4     size of the whole frame in bytes, a multiple of 8
///     8       8     number of the frame
///     16      8     number of the newest frame that was known to be durable when this one was written
///     24      8     position of the first record; without a record the one that the next would have
///     32      4     number of records
///     36      4     number of answers
///     40      32    chain value after the last record
///     72      ...   records: length (4), bytes
///             ...   answers: length of the key (2), length of the value (4), key, value
///             ...   zeros, up to a multiple of 8
enum FrameLayout {
    static let headerSize = 72
    static let recordHeaderSize = 4
    static let answerHeaderSize = 6
    static let alignment = 8
    static let sizes = headerSize...Frame.largest

    /// The record that begins at a place in a frame; its length stands before it.
    static func record(at start: Int, of frame: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let size = Int(frame.bigEndianUInt32(at: start - recordHeaderSize))
        return UnsafeRawBufferPointer(rebasing: frame[start..<(start + size)])
    }

    /// The checksum of a frame that is `bytes` in all, of which the first four are passed over.
    static func checksum(_ bytes: UnsafeRawBufferPointer, epoch: UInt64, segment: UInt64) -> UInt32 {
        var checksum = CRC32C()
        epoch.withBigEndianBytes { checksum.update($0) }
        segment.withBigEndianBytes { checksum.update($0) }
        checksum.update(UnsafeRawBufferPointer(rebasing: bytes[4...]))
        return checksum.value
    }
}

/// One batch on its way to a journal: records at consecutive positions, and answers that are remembered without one.
///
/// What only the journal knows (number, checksum) is put in when it is written.
public struct Frame: Sendable {
    /// The largest size, in bytes.
    public static let largest = 960 * 1024

    /// The position of the first record; without a record the one that the next would have.
    public let firstPosition: Position
    /// How many records it holds.
    public let recordCount: Int
    /// The chain value after the last record.
    public let chain: ChainValue
    let bytes: [UInt8]
    /// Where each record begins in `bytes`, so that one of thousands is found at once.
    private let recordStarts: [UInt32]

    fileprivate init(
        firstPosition: Position, recordCount: Int, chain: ChainValue, bytes: [UInt8], recordStarts: [UInt32]
    ) {
        self.firstPosition = firstPosition
        self.recordCount = recordCount
        self.chain = chain
        self.bytes = bytes
        self.recordStarts = recordStarts
    }

    /// Copies a frame that was read from a journal.
    public init(_ view: FrameView) {
        let bytes = Array(view.bytes)
        var starts: [UInt32] = []
        starts.reserveCapacity(view.recordCount)
        var start = FrameLayout.headerSize
        view.withRecords { _, record in
            start += FrameLayout.recordHeaderSize
            starts.append(UInt32(start))
            start += record.count
        }
        self.init(
            firstPosition: view.firstPosition, recordCount: view.recordCount, chain: view.chain, bytes: bytes,
            recordStarts: starts)
    }

    /// Lends one of the records.
    ///
    /// - Parameter index: from 0, less than ``recordCount``.
    public func withRecord<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBytes { try body(FrameLayout.record(at: Int(recordStarts[index]), of: $0)) }
    }

    /// Lends the key and the value of each answer, in the order in which they were added.
    public func withAnswers(_ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws -> Void) rethrows {
        try bytes.withUnsafeBytes { bytes in
            var start = FrameLayout.headerSize
            if let last = recordStarts.last { start = Int(last) + FrameLayout.record(at: Int(last), of: bytes).count }
            var answers = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[start...]))
            for _ in 0..<bytes.bigEndianUInt32(at: 36) {
                guard let keySize = answers.next(UInt16.self), let valueSize = answers.next(UInt32.self),
                    let key = answers.next(count: Int(keySize)), let value = answers.next(count: Int(valueSize))
                else { return }
                try body(key, value)
            }
        }
    }

    /// The position of the last record up to here, of this frame or one before.
    public var lastPosition: Position { firstPosition - 1 + UInt64(recordCount) }

    /// The positions of the records; `nil` if there are none.
    public var positions: ClosedRange<Position>? { recordCount > 0 ? firstPosition...lastPosition : nil }
    /// The size, in bytes.
    public var size: Int { bytes.count }

    /// Lends the frame as it would be read from a journal, for whoever needs what it holds while it is in memory.
    public func withView<Result>(number: FrameNumber, _ body: (FrameView) throws -> Result) rethrows -> Result {
        try withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { copy in
            write(to: copy, number: number, durable: 0, epoch: 0, segment: 0)
            return try body(FrameView(UnsafeRawBufferPointer(copy), epoch: 0, segment: 0)!)
        }
    }

    /// Writes the frame as it goes to the disk.
    ///
    /// - Parameter target: has the size of the frame.
    func write(
        to target: UnsafeMutableRawBufferPointer, number: FrameNumber, durable: FrameNumber, epoch: UInt64,
        segment: UInt64
    ) {
        target.copyBytes(from: bytes)
        target.storeBigEndian(number, at: 8)
        target.storeBigEndian(durable, at: 16)
        let checksum = FrameLayout.checksum(UnsafeRawBufferPointer(target), epoch: epoch, segment: segment)
        target.storeBigEndian(checksum, at: 0)
    }
}

/// Puts a frame together.
public struct FrameBuilder: Sendable {
    /// The chain value after the records so far.
    public private(set) var chain: ChainValue
    /// How many records were added.
    public private(set) var recordCount = 0
    /// How many answers were added.
    public private(set) var answerCount = 0
    private let firstPosition: Position
    private var bytes: [UInt8]
    private var answers: [UInt8] = []
    private var recordStarts: [UInt32] = []

    /// Begins a frame.
    ///
    /// - Parameters:
    ///   - position: the last position before it.
    ///   - chain: the chain value there.
    public init(after position: Position, chain: ChainValue) {
        firstPosition = position + 1
        self.chain = chain
        bytes = [UInt8](repeating: 0, count: FrameLayout.headerSize)
    }

    /// Whether it holds nothing.
    public var isEmpty: Bool { recordCount == 0 && answerCount == 0 }

    /// Adds the record of the next position.
    ///
    /// - Returns: whether there was room for it.
    public mutating func add(record: UnsafeRawBufferPointer) -> Bool {
        guard fits(FrameLayout.recordHeaderSize + record.count) else { return false }
        bytes.append(bigEndian: UInt32(record.count))
        recordStarts.append(UInt32(bytes.count))
        bytes.append(contentsOf: record)
        chain.append(record)
        recordCount += 1
        return true
    }

    /// Adds an answer.
    ///
    /// - Parameter key: at most 65,535 bytes.
    /// - Returns: whether there was room for it.
    public mutating func add(answer value: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer) -> Bool {
        guard fits(FrameLayout.answerHeaderSize + key.count + value.count) else { return false }
        answers.append(bigEndian: UInt16(key.count))
        answers.append(bigEndian: UInt32(value.count))
        answers.append(contentsOf: key)
        answers.append(contentsOf: value)
        answerCount += 1
        return true
    }

    /// Lends a record that was added.
    ///
    /// - Parameter index: from 0, less than ``recordCount``.
    public func withRecord<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBytes { try body(FrameLayout.record(at: Int(recordStarts[index]), of: $0)) }
    }

    /// The frame.
    public consuming func finish() -> Frame {
        bytes.append(contentsOf: answers)
        let padding = -bytes.count & (FrameLayout.alignment - 1)
        for _ in 0..<padding { bytes.append(0) }
        bytes.storeBigEndian(UInt32(bytes.count), at: 4)
        bytes.storeBigEndian(firstPosition, at: 24)
        bytes.storeBigEndian(UInt32(recordCount), at: 32)
        bytes.storeBigEndian(UInt32(answerCount), at: 36)
        chain.withBytes { chain in bytes.withUnsafeMutableBytes { $0[40..<72].copyBytes(from: chain) } }
        return Frame(
            firstPosition: firstPosition, recordCount: recordCount, chain: chain, bytes: bytes,
            recordStarts: recordStarts)
    }

    // The largest size is a multiple of the alignment, so what fits without padding fits with it.
    private func fits(_ count: Int) -> Bool { bytes.count + answers.count + count <= Frame.largest }
}
