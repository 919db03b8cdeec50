public import Files

/// What became of frames that went out together.
public enum BatchOutcome: Sendable {
    /// They are on the disk; this is the number of the first one.
    case durable(first: FrameNumber)
    /// None was written.
    case refused(JournalError)
    /// A write or a sync failed.
    case unknown(FileError)
}

/// The owner's side of a journal on a disk, without a thread: each call does its work and returns. One thread at a time
/// may use it, and one process.
///
/// Frames are written to the newest segment. After a failed write or sync that segment is closed for good: nothing is
/// ever written to it again, because the system may hold bytes for clean that never reached the disk. What counts of it
/// is said by the header of the next segment, which has a new epoch.
public final class JournalAppender<D: Disk> {
    /// The newest durable frame.
    public private(set) var head: JournalHead
    /// The epoch of the newest header.
    public private(set) var epoch: UInt64
    /// What was not forgotten.
    private(set) var segments: SegmentList<D.File>
    private var forgotten: FrameNumber = 0

    private let disk: D
    private let identity: [UInt8]
    /// The segment in use; `nil` after a failure.
    private var current: Segment<D.File>?
    /// Where in it the next frame goes.
    private var end = 0
    /// How far its room reaches. Beyond that, frames lengthen the file, which is slower and nothing worse.
    private var room = 0
    /// The largest number of a file so far: each number is used once.
    private var newestNumber: UInt64
    private var spare: SpareSegment<D.File>?
    /// Names of files that never became segments, and never will.
    private var unused: [String] = []
    private var ordered: UInt64?
    /// From here on, room for the next segment is wanted.
    private var orderingPoint = 0
    private var buffer: UnsafeMutableRawBufferPointer

    /// Opens a journal, or makes one in an empty directory, and begins a new epoch in it. If the disk has no room for
    /// that, the journal can be read, and ``hasStopped`` is true.
    ///
    /// - Parameters:
    ///   - disk: the directory of the journal alone.
    ///   - identity: the sixteen bytes that identify the log.
    ///   - log: where the log ends that the frames are applied to.
    /// - Throws: ``JournalError``
    public init(_ disk: D, identity: [UInt8], log: LogEnd) throws(JournalError) {
        self.disk = disk
        self.identity = identity
        do {
            let found = try JournalRecovery(disk, identity: identity, log: log, opening: .writing)
            head = found.head
            epoch = found.epoch
            newestNumber = found.newestNumber
            segments = SegmentList(segments: found.segments)
            // Only now, because nobody would free it if the recovery failed.
            buffer = .allocate(byteCount: 1 << 16, alignment: 16)
            try makeDurable(found)
            unused = found.unused
        } catch let error as JournalError {
            throw error
        } catch let error as FileError {
            throw .disk(error)
        } catch {
            throw .corrupt(JournalCorruption(problem: "\(error); report this"))
        }
        do throws(JournalError) {
            try beginEpoch()
        } catch {
            // On a full disk there is no room for a header. What is there can be read all the same.
            guard case .disk(let failure) = error, failure.isOutOfSpace else { throw error }
        }
    }

    /// Whether frames are refused until ``beginEpoch()`` succeeds.
    public var hasStopped: Bool { current == nil }

    deinit { buffer.deallocate() }

    /// What was found may be in the memory of the system alone, where a failed sync may have called it clean. So the
    /// last frames are written again, which changes no byte, and synced; only then a header may count on them.
    ///
    /// The names are synced, too: a header that was given up could come back with its name, and would not count on
    /// these frames.
    private func makeDurable(_ found: JournalRecovery<D>) throws(FileError) {
        guard let segment = found.segments.last else { return }
        try disk.syncDirectory()
        guard !found.unsure.isEmpty else { return }
        var offset = found.unsure.lowerBound
        while offset < found.unsure.upperBound {
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(found.unsure.upperBound - offset))
            let count = try segment.file.read(into: part, at: offset)
            guard count > 0 else { break }
            try segment.file.writeAll(UnsafeRawBufferPointer(rebasing: part[..<count]), at: offset)
            offset += count
        }
        try segment.file.sync()
    }

    /// Gives up all that is not durable, and goes on after ``head`` in a new segment.
    ///
    /// - Throws: ``JournalError/disk(_:)``; frames are refused until a later call succeeds.
    public func beginEpoch() throws(JournalError) {
        current = nil
        epoch += 1
        newestNumber += 1
        dropSpare()
        let header = SegmentHeader(identity: identity, epoch: epoch, number: newestNumber, before: head)
        let file: D.File
        do throws(FileError) {
            file = try disk.open(SegmentName.of(newestNumber), .making)
        } catch {
            throw .disk(error)
        }
        let segment = Segment(header: header, file: file)
        do throws(FileError) {
            try write(header.bytes, to: file)
            let size = RoomPlan.size(after: 0, free: (try? disk.freeRoom()) ?? 0)
            let filled = RoomMaker<D>.writeZeros(
                to: file, SegmentHeader.framesStart..<max(size, SegmentHeader.framesStart))
            try file.sync()
            try disk.syncDirectory()
            use(segment, room: filled)
        } catch {
            giveUp(segment)
            throw .disk(error)
        }
    }

    /// Leaves a segment whose header may be there, or not. It names no frame that is not durable, and the next one has a
    /// larger epoch, so it does no harm as long as the segments before it are there. If it cannot be removed now, it goes
    /// with them, in its turn.
    private func giveUp(_ segment: Segment<D.File>) {
        current = nil
        if (try? disk.remove(segment.name)) == nil { segments.append(segment) }
    }

    /// Writes frames with one write, waits for one sync, and returns what became of all of them.
    public func append(_ frames: ArraySlice<Frame>) -> BatchOutcome {
        guard var segment = current else { return .refused(.stopped) }
        var size = 0
        var position = head.position
        for frame in frames {
            guard frame.firstPosition == position + 1 else {
                current = nil
                return .refused(.outOfOrder(expected: position + 1, actual: frame.firstPosition))
            }
            position = frame.lastPosition
            size += frame.size
        }
        if end + size > room, let spare {
            // The header must be there before a frame that it leads to.
            let header = SegmentHeader(identity: identity, epoch: epoch, number: spare.number, before: head)
            segment = Segment(header: header, file: spare.file)
            self.spare = nil
            do throws(FileError) {
                try write(header.bytes, to: spare.file)
                try spare.file.sync()
            } catch {
                // Whatever came later in the old segment would not count, if it is there.
                giveUp(segment)
                return .refused(.disk(error))
            }
            use(segment, room: spare.size)
        }
        encode(frames, size: size, segment)
        do throws(FileError) {
            try segment.file.writeAll(UnsafeRawBufferPointer(rebasing: buffer[..<size]), at: end)
            try segment.file.sync()
        } catch {
            current = nil
            return .unknown(error)
        }
        let first = head.number + 1
        end += size
        if let last = frames.last {
            head = JournalHead(number: head.number + UInt64(frames.count), position: position, chain: last.chain)
        }
        return .durable(first: first)
    }

    private func encode(_ frames: ArraySlice<Frame>, size: Int, _ segment: Segment<D.File>) {
        if buffer.count < size {
            buffer.deallocate()
            buffer = .allocate(byteCount: size, alignment: 16)
        }
        var start = 0
        var number = head.number
        for frame in frames {
            number += 1
            frame.write(
                to: UnsafeMutableRawBufferPointer(rebasing: buffer[start..<(start + frame.size)]), number: number,
                durable: head.number, epoch: segment.header.epoch, segment: segment.header.number)
            start += frame.size
        }
    }

    private func use(_ segment: Segment<D.File>, room: Int) {
        current = segment
        segments.append(segment)
        end = SegmentHeader.framesStart
        self.room = room
        orderingPoint = SegmentHeader.framesStart + room / 4
    }

    private func write(_ bytes: [UInt8], to file: D.File) throws(FileError) {
        buffer.copyBytes(from: bytes)
        try file.writeAll(UnsafeRawBufferPointer(rebasing: buffer[..<bytes.count]), at: 0)
    }

    /// Room that is wanted for the next segment, once; `nil` while there is enough.
    func orderRoom() -> RoomOrder? {
        guard current != nil, spare == nil, ordered == nil, end >= orderingPoint else { return nil }
        newestNumber += 1
        ordered = newestNumber
        return RoomOrder(number: newestNumber, previous: max(room, end))
    }

    /// Takes in what was made of an order; `nil` when nothing could be made. It is asked for again when another slice
    /// was written.
    func take(_ made: SpareSegment<D.File>?) {
        ordered = nil
        guard let made else {
            orderingPoint = end + JournalLimits.slice
            return
        }
        // Numbers ascend with epochs.
        if let current, made.number > current.header.number {
            spare = made
        } else {
            unused.append(SegmentName.of(made.number))
        }
    }

    /// Names of files that can be removed at any time, each given once. If one stays, the next opening finds it.
    func takeUnused() -> [String] {
        defer { unused = [] }
        return unused
    }

    /// Gives up frames that are not needed any longer.
    ///
    /// - Returns: the names of the segments to be removed, in this order, with the directory synced between any two:
    ///   recovery needs all that follow the oldest one.
    func forget(through number: FrameNumber) -> [String] {
        forgotten = max(forgotten, min(number, head.number))
        return segments.forget(through: forgotten).map(\.name)
    }

    private func dropSpare() {
        if let spare { unused.append(SegmentName.of(spare.number)) }
        spare = nil
    }

    /// For an orderly end: gives up spare room, and leaves a journal without frames, if all were forgotten.
    ///
    /// - Returns: the names of the segments to be removed, as above.
    func leaveEmpty() throws(JournalError) -> [String] {
        dropSpare()
        guard forgotten == head.number, let current, current.header.before != head else { return [] }
        try beginEpoch()
        return forget(through: forgotten)
    }
}
