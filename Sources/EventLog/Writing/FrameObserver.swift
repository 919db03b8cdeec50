/// Hears of the frames of a log that hold events, in the order in which they were decided: of each that it was given to
/// the journal, and later how it ended.
///
/// So who follows the log can work ahead on what is on its way to the disk. Nothing of it may be shown before the frame
/// has ended durable.
public protocol FrameObserver: AnyObject, Sendable {
    /// A frame was given to the journal. Runs on the writer's thread, after the decisions about its events.
    ///
    /// - Parameters:
    ///   - events: the positions of its events. The events of a frame that failed give theirs to others later.
    ///   - bytes: its size.
    func sent(_ events: ClosedRange<Position>, bytes: Int)

    /// The oldest of the frames under way has ended: it is durable, or it failed and all that follow it will fail, too.
    /// Runs on a thread of the log, after the callers of the frame were told.
    func ended(isDurable: Bool)

    /// The log is closed: no more frames come.
    func closed()
}
