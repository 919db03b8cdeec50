import EventLog
import Foundation

/// Another process that appends to a log without end and tells each position once it is acknowledged; or one that holds
/// on to a moment.
final class LogWriterProcess {
    private let process = Process()
    private let output = Pipe()

    /// Starts one on a directory.
    ///
    /// - Parameter holds: whether it reads instead, tells the newest position, and never ends reading.
    init(_ directory: String, holds: Bool = false) throws {
        process.executableURL = Self.program
        process.arguments = holds ? [directory, "hold"] : [directory]
        process.standardOutput = output
        try process.run()
    }

    /// Waits for the next position that it acknowledges; `nil` when it has ended.
    func nextPosition() -> Position? {
        guard let bytes = try? output.fileHandleForReading.read(upToCount: 8), bytes.count == 8 else { return nil }
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: Position.self) }
    }

    /// Kills it.
    ///
    /// - Returns: the last position that it acknowledged and nobody took, or `nil`; and whether it was this signal that
    ///   ended it.
    func kill() -> (last: Position?, wasKilled: Bool) {
        Glibc.kill(process.processIdentifier, SIGKILL)
        var last: Position?
        while let position = nextPosition() { last = position }
        process.waitUntilExit()
        let wasKilled = process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL
        return (last, wasKilled)
    }

    /// Beside the program that runs the tests.
    static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "log-crash-writer")
}
