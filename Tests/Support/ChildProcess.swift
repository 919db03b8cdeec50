public import Glibc

/// A program that a test runs beside itself, with its standard output at hand.
///
/// Not Foundation's `Process`: to close the files of others it lists those that are open, and reads past the end of
/// that list where there are more than 1,300 of them (swift-corelibs-foundation of Swift 6.3 copies the whole of
/// `d_name`). Nothing is to be closed here, since all open what they open with close-on-exec.
public final class ChildProcess {
    public let id: pid_t
    private let output: Int32
    private var input: Int32?
    private var ended: Int32?

    /// What it has for a standard input.
    public enum Input {
        case nothing
        /// A file, by its path.
        case file(String)
        /// One that ends at ``ChildProcess/closeInput()``.
        case open
    }

    /// What `posix_spawn` and the like say against it.
    public struct Failure: Error {
        public let program: String
        public let code: Int32
    }

    /// Starts a program.
    ///
    /// - Parameter words: its name or path, and its arguments.
    public init(_ words: [String], input: Input = .nothing) throws {
        let program = words[0]
        func pair() throws -> (ours: Int32, its: Int32) {
            var ends: [Int32] = [-1, -1]
            // Two sockets and not a pipe: close-on-exec from the first moment, so that no other child keeps an end
            // open.
            let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
            guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Failure(program: program, code: errno) }
            return (ends[0], ends[1])
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let out = try pair()
        defer { close(out.its) }
        output = out.ours
        posix_spawn_file_actions_adddup2(&actions, out.its, STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        var itsInput: Int32?
        defer { itsInput.map { _ = close($0) } }
        switch input {
        case .nothing: posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        case .file(let path): posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, path, O_RDONLY, 0)
        case .open:
            let ends = try pair()
            (self.input, itsInput) = (ends.ours, ends.its)
            posix_spawn_file_actions_adddup2(&actions, ends.its, STDIN_FILENO)
        }
        let arguments = words.map { strdup($0) } + [nil]
        defer { for text in arguments { free(text) } }
        var id = pid_t()
        let code = posix_spawnp(&id, program, &actions, nil, arguments, environ)
        self.id = id
        guard code == 0 else {
            ended = code
            throw Failure(program: program, code: code)
        }
    }

    deinit {
        kill()
        _ = wait()
        closeInput()
        close(output)
    }

    /// Waits for what it writes.
    ///
    /// - Returns: so many bytes; fewer when it has ended.
    public func read(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let more = bytes.withUnsafeMutableBytes { Glibc.read(output, $0.baseAddress! + filled, count - filled) }
            if more < 0, errno == EINTR { continue }
            guard more > 0 else { break }
            filled += more
        }
        return Array(bytes[..<filled])
    }

    /// Waits for all that it writes until it ends.
    public func readToEnd() -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let part = read(65_536)
            if part.isEmpty { return all }
            all += part
        }
    }

    /// Ends its standard input.
    public func closeInput() {
        if let input { close(input) }
        input = nil
    }

    /// Kills it, unless its end was waited for.
    public func kill() {
        if ended == nil { Glibc.kill(id, SIGKILL) }
    }

    /// Waits for its end.
    ///
    /// - Returns: its exit status; below zero for the signal that ended it.
    public func wait() -> Int32 {
        if let ended { return ended }
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        let result = signal == 0 ? (status >> 8) & 0xFF : -signal
        ended = result
        return result
    }
}
