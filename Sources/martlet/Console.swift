import Glibc

/// Lines for people, on standard error. Standard output is for results.
enum Console {
    static func note(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    /// Overwrites the current line of a terminal.
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

/// Lines for standard output. They are gathered, so that not every line needs a system call.
///
/// If the reader closes the pipe early (`| head`), the subcommand ends quietly and without an error.
struct ResultLines {
    /// The reader has gone, or a signal asked for the end.
    struct Ended: Error {}

    private var bytes: [UInt8] = []
    private let signals: SignalWait?

    /// Prepares to write.
    ///
    /// - Parameter signals: signals that end the writing, even while a slow reader blocks it; `nil` for none.
    init(endedBy signals: SignalWait? = nil) {
        self.signals = signals
        // Otherwise a closed pipe would end the process before it could clean up.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Runs `body` with lines to write to, and then writes what is left. After an error too, because what could be read
    /// is useful.
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

    /// Adds a line, which must include its line end.
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
