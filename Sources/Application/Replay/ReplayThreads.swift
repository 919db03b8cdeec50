internal import Threads

/// The two threads of a replay.
final class ReplayThreads: Sendable {
    /// Reads and decodes the log, then writes the rows.
    let reading: ThreadExecutor
    /// The projectors' thread.
    let projecting: ThreadExecutor

    /// - Parameter niceness: how far they stand back behind the threads of a server, from 0 to 19.
    init(niceness: Int32 = 0) {
        reading = ThreadExecutor(name: "replay-log", niceness: niceness)
        projecting = ThreadExecutor(name: "replay-views", niceness: niceness)
    }

    /// Ends both. Nothing may be replayed on them afterwards.
    func stop() {
        reading.stop()
        projecting.stop()
    }
}
