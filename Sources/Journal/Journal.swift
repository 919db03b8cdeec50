public import Files

/// An event's place in the log: gapless from 1. 0 is before the first event.
public typealias Position = UInt64

/// A frame's place in its journal: gapless from 1, over all segments and epochs. 0 is before the first frame.
///
/// Positions do not tell frames apart: a frame that holds answers alone has none of its own.
public typealias FrameNumber = UInt64

/// What makes a batch durable before it is in the log proper: the only seam below the log.
///
/// One thread appends; it decides in order, and each frame continues the one that it appended before. Any thread may
/// read and forget. Every journal gives the same promises, which one conformance suite checks:
///
/// * frames end in the order in which they were appended, each exactly once: durable, refused or unknown;
/// * what is durable is read for ever, until it is forgotten; what was refused is never read;
/// * when a frame did not end durable, all that were appended after it, and all that are, end so too, until
///   ``beginEpoch()`` has returned. What ended unknown may be there if the process dies before that; from then on it
///   is gone for good.
public protocol Journal: AnyObject, Sendable {
    /// The newest durable frame.
    var head: JournalHead { get }

    /// Whether frames are refused until ``beginEpoch()`` has returned.
    var hasStopped: Bool { get }

    /// Hands a frame over and returns at once. Several may be under way.
    ///
    /// - Parameter completion: called once, on a thread of the journal (of a closed one, on this thread); must not
    ///   block, and must not call ``beginEpoch()`` or ``close()``.
    func append(_ frame: Frame, _ completion: @escaping @Sendable (AppendOutcome) -> Void)

    /// Goes on after a frame that did not end durable: gives up, for good, all that is not durable. Blocks until that
    /// is durable itself.
    ///
    /// Call it when all frames have ended, and with the tail of what was decided dropped.
    ///
    /// - Returns: the frame after which the next one comes.
    /// - Throws: ``JournalError`` while the disk does not allow it. Frames are still refused then; try again later.
    @discardableResult
    func beginEpoch() throws(JournalError) -> JournalHead

    /// Lends the durable frames that a log ending at `position` does not hold all of, in order: those with records
    /// after it, and those of answers alone that end there or after it. (It may hold these; to keep an answer twice
    /// changes nothing.)
    ///
    /// - Parameter body: must not call the journal; what it is lent is gone when it returns.
    /// - Throws: ``JournalError``, or what `body` throws.
    func read(after position: Position, _ body: (FrameView) throws -> Void) throws

    /// Says that frames up to this one are not needed any longer. How much room is given back, and when, is the
    /// journal's affair.
    func forget(through number: FrameNumber)

    /// Ends what was appended, refuses what comes later, and closes. When all was forgotten, the journal is left empty.
    /// Later calls return at once.
    func close()
}

/// A frame of a journal, and where the log is after it.
public struct JournalHead: Sendable, Equatable {
    /// The frame; 0 when there is none yet.
    public var number: FrameNumber
    /// The position of the last record up to there.
    public var position: Position
    /// The chain value there.
    public var chain: ChainValue

    /// A place in a journal; by default that before its first frame.
    public init(number: FrameNumber = 0, position: Position, chain: ChainValue) {
        self.number = number
        self.position = position
        self.chain = chain
    }
}

/// What became of a frame.
public enum AppendOutcome: Sendable {
    /// It is on the disk. Its number is the place up to which the journal can be told to forget.
    case durable(FrameNumber)
    /// It was not written, and never will be.
    case refused(JournalError)
    /// A write or a sync failed. Whether the frame is there is open until ``Journal/beginEpoch()`` has returned.
    case unknown(FileError)
}
