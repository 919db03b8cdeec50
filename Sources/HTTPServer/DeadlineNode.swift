/// A connection's place in the deadline lists. It has memory of its own, so that relinking does not count references.
struct DeadlineNode {
    var previous: UnsafeMutablePointer<DeadlineNode>?
    var next: UnsafeMutablePointer<DeadlineNode>?
    var phase: ConnectionPhase
    /// When the phase, or its current span, began: milliseconds of ``MonotonicClock``.
    var since: UInt64
    /// Bytes taken in or acknowledged when the current span began.
    var progress: UInt64 = 0
    unowned(unsafe) let connection: Connection
}
