internal import Bytes
internal import Files

/// Reads the frames of one segment, in order, as far as they are whole. It does not compare them with each other.
struct SegmentScan<File: DiskFile>: ~Copyable {
    /// How far the frames reach that may have been written at once with the first one that is not whole, and the one
    /// behind them.
    static var tornReach: Int { JournalLimits.batch + Frame.largest }

    private let file: File
    private let epoch: UInt64
    private let number: UInt64
    // Holds the largest frame.
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    private var held = 0..<0
    /// Where in the file the bytes that are held begin; after a frame was read, its end.
    private(set) var offset: Int

    /// - Parameter start: where a frame begins; by default the first one.
    init(_ segment: Segment<File>, from start: Int = SegmentHeader.framesStart) {
        offset = start
        file = segment.file
        epoch = segment.header.epoch
        number = segment.header.number
    }

    deinit { memory.deallocate() }

    /// The next frame. It is valid until the next call.
    ///
    /// - Returns: `nil` where no whole frame follows.
    mutating func next() throws(FileError) -> FrameView? {
        guard try hold(FrameLayout.headerSize),
            let size = FrameView.size(UnsafeRawBufferPointer(rebasing: memory[held])),
            try hold(size)
        else { return nil }
        let bytes = UnsafeRawBufferPointer(rebasing: memory[held.prefix(size)])
        guard let frame = FrameView(bytes, epoch: epoch, segment: number) else { return nil }
        held = held.dropFirst(size)
        offset += size
        return frame
    }

    /// Makes sure that so many bytes are held, unless the file ends before.
    private mutating func hold(_ count: Int) throws(FileError) -> Bool {
        if held.count >= count { return true }
        memory.baseAddress!.copyMemory(from: memory.baseAddress! + held.lowerBound, byteCount: held.count)
        let room = UnsafeMutableRawBufferPointer(rebasing: memory[held.count...])
        let more = try file.read(into: room, at: offset + held.count)
        held = 0..<(held.count + more)
        return held.count >= count
    }

    /// Whether a frame stands behind the end that was written when one at this end was durable already. Then this end
    /// is not torn but damaged: it was acknowledged.
    func isDamaged(after newest: FrameNumber) throws(FileError) -> Bool {
        let size = min(max(0, try file.size() - offset), Self.tornReach)
        let window = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 8)
        defer { window.deallocate() }
        let bytes = UnsafeRawBufferPointer(rebasing: window.prefix(try file.read(into: window, at: offset)))
        var start = FrameLayout.alignment
        while start + FrameLayout.headerSize <= bytes.count {
            defer { start += FrameLayout.alignment }
            // Most of it is zeros.
            guard bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self) != 0 else { continue }
            let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
            guard let size = FrameView.size(rest), size <= rest.count, rest.bigEndianUInt64(at: 16) > newest,
                FrameView(UnsafeRawBufferPointer(rebasing: rest[..<size]), epoch: epoch, segment: number) != nil
            else { continue }
            return true
        }
        return false
    }
}

/// The limits of a journal's parts, in bytes.
enum JournalLimits {
    /// The most that goes out with one sync, unless one frame alone is larger.
    static let batch = 4 << 20
    /// The room of the first segment.
    static let firstRoom = 256 << 10
    /// The room of the largest segment.
    static let largestRoom = 64 << 20
    /// Less than this is not worth a file.
    static let smallestRoom = 64 << 10
    /// A segment takes no more than this part of what is free.
    static let partOfFree = 16
    /// How much room is written in one go.
    static let slice = 1 << 20
}
