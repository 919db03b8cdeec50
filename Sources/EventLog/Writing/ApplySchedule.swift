/// When the tables are to be brought up to the journal: a pure rule.
///
/// Often, and a full sync of the tables disturbs the journal's own; seldom, and more has to be kept in memory and read
/// again after a crash.
struct ApplySchedule {
    private let configuration: WriteConfiguration
    /// When the oldest frame that waits became durable, in milliseconds of a clock that never goes back.
    private var waitingSince: Int64?
    private var isWanted = false

    init(_ configuration: WriteConfiguration) { self.configuration = configuration }

    /// Notes that a frame became durable.
    ///
    /// - Returns: whether the applier has to look: something new is due, or it has to begin to count the time.
    mutating func noteFrame(_ tail: Tail, now: Int64) -> Bool {
        guard waitingSince == nil else { return isFull(tail) }
        waitingSince = now
        return true
    }

    /// Wants it done at once.
    mutating func want() { isWanted = true }

    /// How many milliseconds there are until it is due: 0 for now, `nil` while there is nothing to do.
    func wait(_ tail: Tail, now: Int64) -> Int64? {
        if isWanted { return 0 }
        guard !tail.isEmpty else { return nil }
        if isFull(tail) { return 0 }
        guard let waitingSince else { return 0 }
        return max(0, waitingSince + configuration.applyInterval - now)
    }

    /// Notes that all frames that there were at a time were applied.
    ///
    /// - Parameter tail: what has come since.
    mutating func noteDone(_ tail: Tail, now: Int64) {
        isWanted = false
        waitingSince = tail.isEmpty ? nil : now
    }

    private func isFull(_ tail: Tail) -> Bool {
        tail.recordCount >= configuration.applyEvents || tail.bytes >= configuration.applyBytes
    }
}
