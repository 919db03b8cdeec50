import Glibc
import Threads

/// Waits for signals as for any other event, instead of being interrupted by them.
struct SignalWait {
    private let signals: [Int32]

    /// Holds the signals back from now on. To be made before other threads, which inherit that.
    init(_ signals: [Int32]) {
        self.signals = signals
        var set = Self.set(signals)
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// The next of the signals to come.
    func next() async -> Int32 {
        let signals = signals
        return await withCheckedContinuation { continuation in
            _ = OwnedThread(name: "signals") {
                var set = Self.set(signals)
                var signal: Int32 = 0
                sigwait(&set, &signal)
                continuation.resume(returning: signal)
            }
        }
    }

    private static func set(_ signals: [Int32]) -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        return set
    }
}
