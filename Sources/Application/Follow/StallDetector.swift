/// Tells from looks at two positions whether the read models stand still though the log is ahead of them.
struct StallDetector {
    /// What a look found out that was not so before.
    enum News: Equatable {
        /// The read models have not come forward for a while.
        case standsStill(at: UInt64, for: Duration)
        /// They come forward again.
        case goesOn(after: Duration)
    }

    private let patience: Duration
    private var position: UInt64 = 0
    /// When they were first seen at this position with the log ahead; `nil` while they are not behind, or move.
    private var since: ContinuousClock.Instant?

    /// Whether they stand still.
    private(set) var isStalled = false

    /// - Parameter patience: how long they may be behind without moving.
    init(patience: Duration) { self.patience = patience }

    /// Looks.
    ///
    /// - Parameters:
    ///   - position: where the read models are.
    ///   - head: where the log is.
    mutating func look(at position: UInt64, head: UInt64, now: ContinuousClock.Instant) -> News? {
        guard position == self.position, position < head, let since else {
            let before = since
            self.position = position
            since = position < head ? now : nil
            guard isStalled, let before else { return nil }
            isStalled = false
            return .goesOn(after: now - before)
        }
        guard !isStalled, now - since >= patience else { return nil }
        isStalled = true
        return .standsStill(at: position, for: now - since)
    }
}
