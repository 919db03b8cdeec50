/// How fast a position has grown of late.
struct RateWindow {
    private let span: Duration
    /// Oldest first: at least one that is as old as the span, once there is one.
    private var samples: [(time: ContinuousClock.Instant, position: UInt64)] = []

    /// - Parameter span: what "of late" means.
    init(span: Duration) { self.span = span }

    /// Notes a position.
    mutating func note(_ position: UInt64, at now: ContinuousClock.Instant) {
        samples.append((now, position))
        while samples.count > 2, now - samples[1].time >= span { samples.removeFirst() }
    }

    /// Growth a second up to a position now; 0 when nothing was noted before.
    func rate(to position: UInt64, at now: ContinuousClock.Instant) -> Double {
        guard let oldest = samples.first, now > oldest.time, position > oldest.position else { return 0 }
        return Double(position - oldest.position) / ((now - oldest.time) / .seconds(1))
    }
}
