import Glibc

/// Seconds of the machine's clocks.
enum Clock {
    /// Of a clock that never goes back.
    static func now() -> Double { read(CLOCK_MONOTONIC) }

    /// That this process used of the processors.
    static func processor() -> Double { read(CLOCK_PROCESS_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
