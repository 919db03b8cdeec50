import ContractChecks
import Glibc

/// A running `martlet serve`.
final class Server {
    let process: Process
    private(set) var port: UInt16 = 0

    init(_ process: Process) { self.process = process }

    /// Waits until it says where it listens and answers that it is ready.
    func waitUntilReady() throws {
        try wait(for: "the server to listen") {
            if process.hasEnded { throw Unexpected("the server ended: \(process.errors)") }
            guard let match = process.errors.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)\n/) else { return false }
            port = UInt16(match.output.1) ?? 0
            return true
        }
        try wait(for: "the server to be ready") {
            (try? HTTPConnection(port: port).call("GET", "/readyz"))?.status == 200
        }
    }

    /// Connects with a key.
    func connect(_ key: String? = nil, timeout: Int = 60) throws -> HTTPConnection {
        try HTTPConnection(port: port, key: key, timeout: timeout)
    }

    /// Asks it to stop, and waits for the end.
    func stop(_ signal: Int32 = SIGTERM) throws -> Outcome {
        process.kill(signal)
        return try process.wait()
    }

    /// Ends it at once.
    func kill() { process.kill(SIGKILL) }

    /// The log's newest position.
    func position() throws -> Int {
        let text = try connect().call("GET", "/metrics").text
        guard let match = text.firstMatch(of: /\nmartlet_log_position (\d+)\n/), let position = Int(match.output.1)
        else { throw Unexpected("no log position in the metrics") }
        return position
    }
}
