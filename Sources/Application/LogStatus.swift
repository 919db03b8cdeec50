internal import EventLog

/// How the writing of the log goes, since this process opened it.
public struct LogStatus: Sendable {
    /// Durable events that the tables of the log do not have yet.
    public let unappliedEvents: Int
    /// The bytes of their frames in the journal.
    public let unappliedBytes: Int
    /// Frames of the journal that became durable.
    public let frames: UInt64
    /// Epochs of the journal that were begun: one at the start, and one after each failed write or sync.
    public let epochs: UInt64
    /// Times that the journal was written and synced.
    public let syncs: UInt64
    /// How long all of these took.
    public let syncTime: Duration
}

extension Martlet {
    /// How the writing of the log goes; `nil` in the past.
    public var logStatus: LogStatus? {
        guard let log else { return nil }
        let counts = log.counts
        return LogStatus(
            unappliedEvents: counts.unappliedEvents, unappliedBytes: counts.unappliedBytes, frames: counts.frames,
            epochs: counts.epochs, syncs: counts.syncs, syncTime: counts.syncTime)
    }
}
