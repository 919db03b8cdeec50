import ContractChecks
import FoundationEssentials
import Glibc
import TestSupport

/// A directory of one test, in which it runs the built program; everything is gone when the test ends.
final class Workspace {
    /// Where it is.
    var path: String { directory.path }
    private let directory = TemporaryDirectory()
    private var servers: [Server] = []

    /// The data directory that commands of a test use.
    var data: String { path + "/data" }

    /// Runs a test in a new directory, on a thread that may block.
    static func run(_ body: (Workspace) throws -> Void) async throws {
        try await BlockingThreads.run {
            let workspace = Workspace()
            defer { for server in workspace.servers { server.kill() } }
            try body(workspace)
        }
    }

    /// Runs the program to its end.
    ///
    /// - Parameters:
    ///   - input: what it reads from standard input.
    ///   - environment: variables besides `PATH`.
    func martlet(
        _ arguments: String..., input: String = "/dev/null", environment: [String: String] = [:]
    ) throws -> Outcome {
        try start(arguments, input: input, environment: environment).wait()
    }

    /// Starts the program.
    func start(
        _ arguments: [String], input: String = "/dev/null", environment: [String: String] = [:]
    ) throws -> Process {
        try Process(arguments, in: path, input: input, environment: environment)
    }

    /// Starts a server and waits until it is ready. It does not limit the rate of requests, unless it is told to.
    func serve(_ arguments: String..., environment: [String: String] = [:]) throws -> Server {
        let unlimited = ["MARTLET_REQUESTS_PER_SECOND": "0"]
        let process = try start(
            ["serve", "--data", data, "--listen", "127.0.0.1:0"] + arguments,
            environment: unlimited.merging(environment) { $1 })
        let server = Server(process)
        servers.append(server)
        try server.waitUntilReady()
        return server
    }

    /// The server that was started last.
    var latestServer: Server? { servers.last }

    /// Makes an account with the key `key-<handle>`.
    ///
    /// - Returns: its id.
    @discardableResult
    func account(_ handle: String, role: String = "member") throws -> Int {
        let outcome = try martlet(
            "account", "create", "--data", data, "--handle", handle, "--name", "The \(handle)", "--key",
            "key-\(handle)", "--role", role)
        guard outcome.status == 0, let id = outcome.json?["id"]?.integer else { throw Unexpected("\(outcome)") }
        return id
    }

    /// Writes a file into the directory.
    ///
    /// - Returns: its path.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        let file = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: file))
        return file
    }

    /// Reads a file of the directory.
    func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(path)/\(name)")), as: UTF8.self)
    }

    /// Removes a file or folder of the directory.
    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }
}

/// Something that a test did not count on.
struct Unexpected: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Waits until a condition holds.
///
/// - Throws: after a minute, with what was waited for.
func wait(for what: String, seconds: Int = 60, until condition: () throws -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try !condition() {
        guard .now < deadline else { throw Unexpected("waited in vain for \(what)") }
        usleep(5000)
    }
}
