/// What a finished replay did.
public struct ReplayReport: Sendable {
    /// The position that the read models reflect.
    public let position: UInt64
    /// How long it took, with what the disk was waited for.
    public let duration: Duration

    /// Events a second.
    public var rate: Double { Double(position) / max(duration / .seconds(1), 1e-9) }
}
