import Glibc

/// A clock in milliseconds that never goes back.
public enum MonotonicClock {
    /// The time now.
    public static func now() -> UInt64 { nanoseconds() / 1_000_000 }

    /// The time now, in nanoseconds.
    public static func nanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

extension Duration {
    /// Whole milliseconds, at least one.
    var milliseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(max(1, seconds * 1000 + attoseconds / 1_000_000_000_000_000))
    }
}
