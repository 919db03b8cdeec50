internal import Glibc

/// A clock that nobody sets and that never goes back.
public enum MonotonicClock {
    /// Milliseconds since some moment.
    public static var milliseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
