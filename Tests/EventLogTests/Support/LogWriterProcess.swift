import EventLog
import Foundation
import TestSupport

/// Another process that appends to a log without end and tells each position once it is acknowledged; one that tells the
/// numbers of its commands; or one that holds on to a moment.
final class LogWriterProcess {
    private let process: ChildProcess

    /// Starts one on a directory.
    ///
    /// - Parameter holds: whether it reads instead, tells the newest position, and never ends reading.
    convenience init(_ directory: String, holds: Bool = false) throws {
        try self.init(directory, mode: holds ? "hold" : nil)
    }

    /// Starts one on a directory.
    ///
    /// - Parameter mode: `hold`, or `answers`, where one in three commands comes to an answer that is remembered.
    init(_ directory: String, mode: String?) throws {
        process = try ChildProcess([Self.program.path, directory] + (mode.map { [$0] } ?? []))
    }

    /// Sends it the signal that kills it, and does not wait.
    func stop() { process.kill() }

    /// Waits for the next position that it acknowledges; `nil` when it has ended.
    func nextPosition() -> Position? {
        let bytes = process.read(8)
        guard bytes.count == 8 else { return nil }
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: Position.self) }
    }

    /// Kills it.
    ///
    /// - Returns: the last position that it acknowledged and nobody took, or `nil`; and whether it was this signal that
    ///   ended it.
    func kill() -> (last: Position?, wasKilled: Bool) {
        process.kill()
        var last: Position?
        while let position = nextPosition() { last = position }
        return (last, process.wait() == -SIGKILL)
    }

    /// Beside the program that runs the tests.
    static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "log-crash-writer")
}
