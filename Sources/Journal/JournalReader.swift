public import Files
internal import Glibc

/// Reads a journal that another process may write: neither takes part in it nor keeps it from being forgotten.
///
/// The order in which a reader looks at things makes it right:
///
/// 1. It reads the head file, which names a durable position. (Later, a new epoch could have put another frame at that
///    position than the one that is seen here.)
/// 2. It opens the journal. From now on it keeps the files, although their names may go.
/// 3. It takes a snapshot of the log, which holds all that was forgotten before step 2.
/// 4. It reads from the log's end up to the head file's position. If that is not reached, a segment was begun or
///    forgotten during step 2: it begins again.
///
/// Where nobody writes, open with ``init(recovering:identity:log:)``: it shows every whole frame, as an owner would.
public struct JournalReader<D: Disk>: Sendable {
    private let segments: SegmentList<D.File>

    /// Opens what is there now.
    ///
    /// - Throws: ``JournalError`` when it is the journal of another log; ``FileError``.
    public init(_ disk: D, identity: [UInt8]) throws {
        var segments: [Segment<D.File>] = []
        for number in try disk.names().compactMap({ SegmentName.number($0) }).sorted() {
            let file: D.File
            do throws(FileError) {
                file = try disk.open(SegmentName.of(number), .reading)
            } catch {
                guard error.isMissing else { throw error }
                // It was forgotten just now, and so was all before it. Without this there would be a gap.
                segments.removeAll()
                continue
            }
            // Room that is made for later has no header yet.
            guard let segment = try Segment(file, number: number) else { continue }
            guard segment.header.identity == identity else {
                throw JournalError.corrupt(
                    JournalCorruption(
                        segment: segment.name, problem: "it belongs to another log; put back the journal of this log"))
            }
            segments.append(segment)
        }
        self.segments = SegmentList(segments: segments)
    }

    /// Opens a journal that nobody writes, and checks it as its owner would.
    ///
    /// - Throws: ``JournalError`` where it is damaged; ``FileError``.
    public init(recovering disk: D, identity: [UInt8], log: LogEnd) throws {
        let found = try JournalRecovery(disk, identity: identity, log: log, opening: .reading)
        segments = SegmentList(segments: found.segments)
    }

    /// Lends the frames that a log ending at `position` does not hold all of, as ``Journal/read(after:_:)`` does.
    ///
    /// - Parameters:
    ///   - position: where the log's snapshot ends.
    ///   - last: frames that end beyond this position are not shown.
    /// - Returns: the position that was reached; `position` when there was nothing.
    /// - Throws: ``JournalError``, or what `body` throws.
    public func read(
        after position: Position, upTo last: Position, _ body: (FrameView) throws -> Void
    ) throws -> Position {
        var place: JournalPlace?
        return try read(after: position, upTo: last, from: &place, body)
    }

    /// Goes on where an earlier reading ended, of this journal or of one that was opened before it, so that what was read
    /// already is not gone through again.
    ///
    /// - Parameter place: where it ended, if there was one; then where this one ends. It is of use only while all frames
    ///   up to it are durable. (Of others a later epoch may have given up some, and then nothing is reached.)
    public func read(
        after position: Position, upTo last: Position, from place: inout JournalPlace?,
        _ body: (FrameView) throws -> Void
    ) throws -> Position {
        let reached = try segments.read(after: position, through: .max, upTo: last, from: place, body)
        place = reached
        return max(reached?.head.position ?? position, position)
    }
}

extension FileError {
    /// Whether the file was not there.
    var isMissing: Bool { code == ENOENT }

    /// Whether there was no room.
    var isOutOfSpace: Bool { code == ENOSPC || code == EDQUOT }
}
