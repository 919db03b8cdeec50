import Glibc

/// Lines for people, on standard error: standard output is for results.
enum Console {
    static func note(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    /// Writes over the current line of a terminal.
    static func overwrite(_ line: String) {
        let bytes = Array(("\r\u{1b}[2K" + line).utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes a result.
    static func result(_ bytes: [UInt8]) throws {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw Failure("cannot write to standard output: \(String(cString: strerror(errno)))")
            }
            start += count
        }
    }
}

/// Lines on their way to standard output, gathered so that not every line is a system call.
///
/// A reader who has had enough (`| head`) and closes the pipe ends the subcommand quietly, not with an error.
struct ResultLines {
    /// Nobody reads any further, or a signal asked for the end.
    struct Ended: Error {}

    private var bytes: [UInt8] = []
    private let signals: SignalWait?

    /// Prepares to write.
    ///
    /// - Parameter signals: end the writing, also while a slow reader holds it up; `nil` leaves them alone.
    init(endedBy signals: SignalWait? = nil) {
        self.signals = signals
        // Else the closed pipe would end the process before anything could be put in order.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Runs `body` with lines to write to, and writes what is left, also before an error: what could be read is worth
    /// having.
    static func write(endedBy signals: SignalWait? = nil, _ body: (inout ResultLines) throws -> Void) throws {
        var lines = ResultLines(endedBy: signals)
        do {
            do {
                try body(&lines)
            } catch let problem where !(problem is Ended) {
                try lines.flush()
                throw problem
            }
            try lines.flush()
        } catch is Ended {}
    }

    /// Adds a line, which has its end.
    mutating func add(_ line: borrowing [UInt8]) throws {
        bytes += copy line
        if bytes.count >= 1 << 16 { try flush() }
    }

    /// Writes what has been added.
    mutating func flush() throws {
        defer { bytes.removeAll(keepingCapacity: true) }
        var start = 0
        while start < bytes.count {
            // A pipe that says it has room takes this many bytes without making the writer wait.
            let size = signals == nil ? bytes.count - start : min(bytes.count - start, Int(PIPE_BUF))
            if let signals { try signals.waitForRoom(on: STDOUT_FILENO) }
            let count = bytes[start..<(start + size)].withUnsafeBytes {
                Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count)
            }
            if count >= 0 {
                start += count
            } else if errno == EPIPE {
                throw Ended()
            } else if errno != EINTR {
                throw Failure("cannot write to standard output: \(String(cString: strerror(errno)))")
            }
        }
    }
}
