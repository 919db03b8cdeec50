/// How the writing of a log goes, since it was opened.
public struct WriteCounts: Sendable {
    /// Durable events that the tables do not have yet.
    public let unappliedEvents: Int
    /// The bytes of their frames.
    public let unappliedBytes: Int
    /// Frames that became durable.
    public let frames: UInt64
    /// Epochs of the journal that were begun: that of the opening, and one after each failure.
    public let epochs: UInt64
    /// Times that frames were written and synced; several can share one.
    public let syncs: UInt64
    /// How long all of these took.
    public let syncTime: Duration
}
