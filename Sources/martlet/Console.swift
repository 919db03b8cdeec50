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
