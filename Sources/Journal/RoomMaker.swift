internal import Files
internal import Glibc

/// How large the next segment is to be: a pure rule.
enum RoomPlan {
    /// Twice the one before, within the limits, and no more than a part of what is free. The header is counted.
    ///
    /// - Parameters:
    ///   - previous: the size of the segment before; 0 for the first one.
    ///   - free: the free room of the disk.
    static func size(after previous: Int, free: Int) -> Int {
        let wanted = min(max(2 * previous, JournalLimits.firstRoom), JournalLimits.largestRoom)
        let whole = min(wanted, free / JournalLimits.partOfFree)
        return whole - whole % SegmentHeader.framesStart
    }
}

/// What is to be made ready: the file of the next segment.
struct RoomOrder: Equatable, Sendable {
    let number: UInt64
    /// The size of the segment in use.
    let previous: Int
}

/// A file full of zeros, with a name that is on the disk: a segment that has not begun.
struct SpareSegment<File: DiskFile>: Sendable {
    let number: UInt64
    let file: File
    let size: Int
}

/// Writes room ahead for the next segment, a slice at a time.
///
/// `posix_fallocate` would leave extents that each append must convert; only bytes that were written make an append one
/// flush. And it is another file than the one in use, so that no append ever waits for it or meets it.
struct RoomMaker<D: Disk> {
    private let disk: D
    private let order: RoomOrder
    private let file: D.File
    private let size: Int
    private var filled = 0

    /// Makes the file.
    ///
    /// - Returns: `nil` where there is too little room on the disk.
    /// - Throws: ``FileError``
    init?(_ disk: D, _ order: RoomOrder) throws(FileError) {
        size = RoomPlan.size(after: order.previous, free: try disk.freeRoom())
        guard size >= JournalLimits.smallestRoom else { return nil }
        self.disk = disk
        self.order = order
        file = try disk.open(SegmentName.of(order.number), .making)
    }

    /// Writes a slice, and waits until it is on the disk: so never much lies in memory that a sync of others could have
    /// to wait for.
    ///
    /// - Returns: whether there is more to do.
    /// - Throws: ``FileError`` when a sync fails, or so little could be written that it is of no use.
    mutating func step() throws(FileError) -> Bool {
        let end = min(filled + JournalLimits.slice, size)
        let reached = Self.writeZeros(to: file, filled..<end)
        try file.sync()
        filled = reached
        return reached == end && end < size
    }

    /// What was made.
    ///
    /// - Returns: `nil` if it is too little to be of use.
    consuming func finish() throws(FileError) -> SpareSegment<D.File>? {
        guard filled >= JournalLimits.smallestRoom else { return nil }
        try disk.syncDirectory()
        return SpareSegment(number: order.number, file: file, size: filled)
    }

    /// Does all of it.
    ///
    /// - Parameter isWanted: asked before each slice.
    /// - Returns: `nil` when it is not wanted any longer, there is no room for it, or the disk failed; no file is left
    ///   then.
    static func make(_ disk: D, _ order: RoomOrder, while isWanted: () -> Bool = { true }) -> SpareSegment<D.File>? {
        do throws(FileError) {
            guard var maker = try RoomMaker(disk, order) else { return nil }
            var isUnfinished = true
            while isUnfinished, isWanted() { isUnfinished = try maker.step() }
            if !isUnfinished, let spare = try maker.finish() { return spare }
        } catch {}
        try? disk.remove(SegmentName.of(order.number))
        return nil
    }

    /// Writes zeros as far as the disk has room.
    ///
    /// - Returns: the end of what was written.
    static func writeZeros(to file: D.File, _ range: Range<Int>) -> Int {
        let zeros = [UInt8](repeating: 0, count: range.count)
        var end = range.lowerBound
        zeros.withUnsafeBytes { zeros in
            while end < range.upperBound {
                let rest = UnsafeRawBufferPointer(rebasing: zeros[(end - range.lowerBound)...])
                guard let count = try? file.write(rest, at: end) else { break }
                end += count
            }
        }
        return end
    }
}
