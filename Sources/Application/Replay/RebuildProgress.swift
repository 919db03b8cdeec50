/// How far a rebuild has come.
public struct RebuildProgress: Sendable {
    /// The part that is done, from 0 to 1.
    public let part: Double
    /// How many events it takes in, not counting those that came since it began.
    public let events: UInt64
    /// How long it has been under way.
    public let duration: Duration

    /// How long it will take from here, if it goes on as it went; `nil` when nothing is known yet.
    public var remaining: Duration? {
        part > 0.01 ? .seconds(duration / .seconds(1) * (1 / part - 1)) : nil
    }
}
