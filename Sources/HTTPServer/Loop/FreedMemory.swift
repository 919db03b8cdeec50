/// Decides when so much memory was freed that it is worth giving it back to the system.
///
/// The allocator keeps what is freed between blocks that are still in use. After a wave of slow heads or of large answers
/// that can be many times what the process needs. To give it back takes some milliseconds.
struct FreedMemory {
    private var mostConnections = 0
    private var mostWaiting = 0
    private var earliest: UInt64 = 0

    /// So many connections less, or so many bytes of answers less, are worth it.
    private static let (connections, bytes) = (1000, 16 << 20)
    /// Milliseconds between two times.
    private static let pause: UInt64 = 10_000

    /// Takes note of what is in use now.
    ///
    /// - Parameter waiting: bytes of answers that wait for their readers.
    mutating func note(connections: Int, waiting: Int) {
        mostConnections = max(mostConnections, connections)
        mostWaiting = max(mostWaiting, waiting)
    }

    /// Whether it is worth it now. If so, what is in use now is what the next time is measured by.
    ///
    /// - Parameter now: milliseconds of ``MonotonicClock``.
    mutating func isWorthReturning(connections: Int, waiting: Int, at now: UInt64) -> Bool {
        let isMuch = mostConnections - connections >= Self.connections || mostWaiting - waiting >= Self.bytes
        guard isMuch, now >= earliest else { return false }
        earliest = now + Self.pause
        (mostConnections, mostWaiting) = (connections, waiting)
        return true
    }
}
