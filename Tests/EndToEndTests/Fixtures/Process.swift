import ContractChecks
import FoundationEssentials
import Glibc

/// The built program as a child process. Its output goes to files, so that it never waits for a reader.
final class Process {
    let id: pid_t
    private let output: String
    private var ended: Int32?

    /// The program that was built along with the tests.
    static let program: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return tests.split(separator: "/").dropLast().reduce(into: "") { $0 += "/" + $1 } + "/martlet"
    }()

    /// Starts it.
    ///
    /// - Parameter program: another program than the one under test.
    init(
        _ arguments: [String], in directory: String, input: String = "/dev/null", environment: [String: String] = [:],
        program: String = Process.program
    ) throws {
        output = "\(directory)/output-\(UInt64.random(in: 0 ... .max))"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output + ".out", O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, output + ".err", O_WRONLY | O_CREAT, 0o600)
        var variables = environment
        variables["PATH"] = "/usr/bin:/bin"
        // `env` changes the directory and becomes the program: the process stays the same.
        let words = (["env", "-C", directory, program] + arguments).map { strdup($0) } + [nil]
        let settings = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in words + settings { free(text) } }
        var id = pid_t()
        let code = posix_spawn(&id, "/usr/bin/env", &actions, nil, words, settings)
        guard code == 0 else { throw Unexpected("cannot start \(program): \(String(cString: strerror(code)))") }
        self.id = id
    }

    deinit { if ended == nil { kill(SIGKILL) } }

    /// What it has written to standard error so far.
    var errors: String { text(".err") }

    /// What it has written to standard output so far.
    var written: String { text(".out") }

    /// Sends a signal, unless it has ended.
    func kill(_ signal: Int32) {
        guard !hasEnded else { return }
        Glibc.kill(id, signal)
        if signal == SIGKILL { _ = try? wait() }
    }

    /// Whether it has ended.
    var hasEnded: Bool {
        if ended != nil { return true }
        var status: Int32 = 0
        guard waitpid(id, &status, WNOHANG) == id else { return false }
        ended = status
        return true
    }

    /// Waits for its end, for two minutes at most.
    @discardableResult
    func wait() throws -> Outcome {
        do {
            try EndToEndTests.wait(for: "the end of process \(id)", seconds: 120) { hasEnded }
        } catch {
            Glibc.kill(id, SIGKILL)
            waitpid(id, nil, 0)
            ended = SIGKILL
            throw error
        }
        let status = ended ?? 0
        let signal = status & 0x7F
        return Outcome(
            status: signal == 0 ? (status >> 8) & 0xFF : -signal, output: text(".out"), errors: text(".err"))
    }

    private func text(_ end: String) -> String {
        String(decoding: (try? Data(contentsOf: URL(filePath: output + end))) ?? Data(), as: UTF8.self)
    }
}

/// How a process ended.
struct Outcome {
    /// Its exit status; below zero for the signal that ended it.
    let status: Int32
    let output: String
    let errors: String

    /// Standard output as one JSON value.
    var json: JSONValue? { Answer(status: 0, headers: [], body: Array(output.utf8)).json }

    /// Standard output as JSON values, one a line.
    var jsonLines: [JSONValue?] {
        output.utf8.split(separator: 10).map { Answer(status: 0, headers: [], body: Array($0)).json }
    }
}
