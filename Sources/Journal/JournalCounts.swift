/// What a journal has done since it was opened.
public struct JournalCounts: Sendable, Equatable {
    /// Frames that became durable.
    public internal(set) var frames: UInt64 = 0
    /// Epochs that were begun: that of the opening, and one after each failure.
    public internal(set) var epochs: UInt64 = 0
    /// Times that frames were written and synced; several can share one.
    public internal(set) var syncs: UInt64 = 0
    /// How long all of these took.
    public internal(set) var syncTime: Duration = .zero
}
