import Application
import EventLog
import Files
import Glibc
import HTTPAdapter
import HTTPServer

/// A whole Martlet without a socket, over a data directory of its own, which goes with it.
struct CallServer {
    let martlet: Martlet
    let memory: MemoryServer
    private let directory: String

    /// Lends a fresh server on which calls of a kind are prepared.
    ///
    /// - Parameter parent: where its data directory is made.
    static func with<Result>(
        _ kind: CallKind, in parent: String, _ body: (CallServer, Workload) throws(CallError) -> Result
    ) async throws -> Result {
        let server = try CallServer(in: parent)
        do {
            let result = try body(server, Workload(kind, Community(server.martlet)))
            try await server.end()
            return result
        } catch {
            try? await server.end()
            throw error
        }
    }

    private init(in parent: String) throws {
        var template = Array("\(parent)/call-costs-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            throw CallError("cannot make a directory in \(parent): \(String(cString: strerror(errno)))")
        }
        directory = String(cString: made)
        martlet = try Martlet(DataDirectory(directory + "/data", create: true), Self.quiet)
        var configuration = AdapterConfiguration(
            server: ServerConfiguration(address: try ListenAddress("127.0.0.1:0")))
        // As in life every request is counted, but none is refused.
        configuration.requestsPerSecond = 1_000_000
        configuration.burst = 1_000_000
        memory = MemoryServer(martlet, configuration)
    }

    /// The tables of the log are not brought up while something is counted: when that happens depends on the clock.
    private static var quiet: MartletConfiguration {
        var configuration = MartletConfiguration()
        configuration.mapSize = 1 << 33
        configuration.writing.applyInterval = 1 << 40
        configuration.writing.applyEvents = 1 << 30
        configuration.writing.applyBytes = 1 << 40
        configuration.writing.unappliedEvents = 1 << 30
        configuration.writing.unappliedBytes = 1 << 40
        return configuration
    }

    /// Ends it and removes its directory.
    private func end() async throws {
        memory.stop()
        try await martlet.close()
        try Self.remove(directory)
    }

    /// Removes a directory with all that is below it.
    private static func remove(_ directory: String) throws {
        for name in try Directory.names(in: directory) where unlink("\(directory)/\(name)") != 0 {
            try remove("\(directory)/\(name)")
        }
        try Directory.remove(directory)
    }
}
