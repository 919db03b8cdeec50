import EventLog
import Glibc

/// Appends the records of one log to a fresh one with full sync, as `limit-append` does in C, through `LMDBEventLog`:
/// `append-bench LOG DIRECTORY BATCH SECONDS`. Prints one JSON object with the same fields.
@main
struct AppendBench {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 5, let batch = Int(arguments[3]), batch > 0, let limit = Double(arguments[4]) else {
            fail("usage: append-bench LOG DIRECTORY BATCH SECONDS")
        }
        let events = try SourceEvents(log: arguments[1], limit: 200_000)
        guard events.count > 0 else {
            fail("append-bench: \(arguments[1]) has no events")
        }
        // Commits take exactly `batch` as long as more than that wait, so several batches are kept waiting.
        var writing = WriteConfiguration()
        writing.waitingLimit = max(64, 4 * batch)
        writing.batchLimit = batch
        let log = try LMDBEventLog(
            directory: arguments[2], writing, keys: { identity, _ in try events.keys(identity: identity) })
        let commits = CommitTimes()
        let start = commits.start()
        let startCPU = Clock.processor()
        var index = 0
        while Clock.now() - start < limit {
            log.submitWaiting(events.proposal(index) { commits.completed($0, head: log.head.position) })
            index += 1
        }
        log.close()
        print(commits.report(processor: Clock.processor() - startCPU))
    }

    /// Ends the program with a message. `stderr` is a variable of C, which Swift 6 does not let many threads share.
    private static func fail(_ message: String) -> Never {
        let line = message + "\n"
        _ = line.utf8.withContiguousStorageIfAvailable { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        exit(1)
    }
}
