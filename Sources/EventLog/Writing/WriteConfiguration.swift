/// How the log goes about writing.
public struct WriteConfiguration: Sendable {
    /// How many proposals may wait before further ones are refused as `overloaded`.
    public var waitingLimit = 16_384
    /// How many proposals are decided in one go at most. It limits how long the first of them waits for the last.
    public var batchLimit = 4096
    /// How many frames may be on their way to the disk. While one is being synced, the next is decided.
    public var framesUnderWay = 4
    /// The tables are brought up to the journal when an event has waited for so many milliseconds.
    public var applyInterval: Int64 = 250
    /// The tables are brought up to the journal when they lack so many events.
    public var applyEvents = 20_000
    /// The tables are brought up to the journal when they lack so many bytes.
    public var applyBytes = 8 << 20
    /// Writers wait while the tables lack so many events.
    public var unappliedEvents = 50_000
    /// Writers wait while the tables lack so many bytes.
    public var unappliedBytes = 16 << 20

    /// The defaults.
    public init() {}

    /// For a bulk load, which waits for no single answer: the more events are applied in one go, the less often a page
    /// that many of them change is written. Much more than this costs more in memory than it saves.
    public static var bulk: WriteConfiguration {
        var configuration = WriteConfiguration()
        configuration.waitingLimit = 1 << 17
        configuration.applyInterval = 5000
        configuration.applyEvents = 25_000
        configuration.applyBytes = 12 << 20
        return configuration
    }
}
