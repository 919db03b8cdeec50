internal import Glibc

/// The machine's clock. People can set it, and it may go back.
public enum WallClock {
    /// Milliseconds since 1970 UTC.
    public static var milliseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
