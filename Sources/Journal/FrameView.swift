internal import Bytes

/// A whole frame as it was read: a view of its bytes, which live as long as the call that lends them.
public struct FrameView {
    /// All bytes of the frame.
    public let bytes: UnsafeRawBufferPointer
    private let answersStart: Int

    /// The size of the frame that begins with these bytes, as it says itself; `nil` when no frame can begin so.
    static func size(_ header: UnsafeRawBufferPointer) -> Int? {
        guard header.count >= FrameLayout.headerSize else { return nil }
        let size = Int(header.bigEndianUInt32(at: 4))
        return FrameLayout.sizes ~= size && size % FrameLayout.alignment == 0 ? size : nil
    }

    /// Takes the bytes of a frame; `nil` unless they are whole.
    ///
    /// - Parameters:
    ///   - bytes: as many as the frame says it has.
    ///   - epoch: that of the segment.
    ///   - segment: its number.
    init?(_ bytes: UnsafeRawBufferPointer, epoch: UInt64, segment: UInt64) {
        guard Self.size(bytes) == bytes.count,
            bytes.bigEndianUInt32(at: 0) == FrameLayout.checksum(bytes, epoch: epoch, segment: segment),
            let answersStart = Self.answersStart(bytes)
        else { return nil }
        self.bytes = bytes
        self.answersStart = answersStart
    }

    /// Walks over all lengths, so that nothing later can read beyond the end.
    private static func answersStart(_ bytes: UnsafeRawBufferPointer) -> Int? {
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[FrameLayout.headerSize...]))
        for _ in 0..<bytes.bigEndianUInt32(at: 32) {
            guard let size = reader.next(UInt32.self), reader.next(count: Int(size)) != nil else { return nil }
        }
        let start = bytes.count - reader.rest.count
        for _ in 0..<bytes.bigEndianUInt32(at: 36) {
            guard let keySize = reader.next(UInt16.self), let valueSize = reader.next(UInt32.self),
                reader.next(count: Int(keySize) + Int(valueSize)) != nil
            else { return nil }
        }
        return reader.rest.count < FrameLayout.alignment ? start : nil
    }

    /// Its place in the journal.
    public var number: FrameNumber { bytes.bigEndianUInt64(at: 8) }
    /// The newest frame that was known to be durable when this one was written.
    var durable: FrameNumber { bytes.bigEndianUInt64(at: 16) }
    /// The position of the first record; without a record the one that the next would have.
    public var firstPosition: Position { bytes.bigEndianUInt64(at: 24) }
    /// How many records it holds.
    public var recordCount: Int { Int(bytes.bigEndianUInt32(at: 32)) }
    /// How many answers it holds.
    public var answerCount: Int { Int(bytes.bigEndianUInt32(at: 36)) }
    /// The position of the last record up to here, of this frame or one before.
    public var lastPosition: Position { firstPosition &+ UInt64(recordCount) &- 1 }
    /// The chain value after the last record.
    public var chain: ChainValue {
        ChainValue(UnsafeRawBufferPointer(rebasing: bytes[40..<FrameLayout.headerSize]))!
    }

    /// Lends each record with its position, in order.
    public func withRecords(_ body: (Position, UnsafeRawBufferPointer) throws -> Void) rethrows {
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[FrameLayout.headerSize..<answersStart]))
        var position = firstPosition
        while let size = reader.next(UInt32.self), let record = reader.next(count: Int(size)) {
            try body(position, record)
            position += 1
        }
    }

    /// Lends the key and the value of each answer, in the order in which they were added.
    public func withAnswers(_ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws -> Void) rethrows {
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[answersStart...]))
        for _ in 0..<answerCount {
            guard let keySize = reader.next(UInt16.self), let valueSize = reader.next(UInt32.self),
                let key = reader.next(count: Int(keySize)), let value = reader.next(count: Int(valueSize))
            else { return }
            try body(key, value)
        }
    }

    /// Whether a log that ends at a position may lack some of it.
    func isNews(after position: Position) -> Bool {
        lastPosition > position || (recordCount == 0 && lastPosition == position)
    }
}
