/// What a finished replay did.
public struct ReplayReport: Sendable {
    /// The position that the read models reflect.
    public let position: UInt64
    /// How long it took until the read models could be used. The kernel writes them to the disk in its own time, as it does
    /// with those of a running server.
    public let duration: Duration

    /// Events a second.
    public var rate: Double { Double(position) / max(duration / .seconds(1), 1e-9) }
}
