import Application
import ContractChecks
import FoundationEssentials
import Glibc
import HTTPServer
import LocalSockets
import Microblog
import TestSupport
import Threads

@testable import HTTPAdapter

/// The whole of Martlet behind one of the transports, over a directory of its own.
final class LiveServer {
    /// What a test may change.
    struct Settings {
        var http: AdapterConfiguration
        // Under the thread sanitizer there is not enough address space for the default in all that run at once.
        var whole = {
            var whole = MartletConfiguration()
            whole.mapSize = 1 << 33
            return whole
        }()
    }

    let directory: String
    let martlet: Martlet
    /// Where requests are sent.
    let wire: Wire
    /// Where the operator's requests are sent.
    private let control: Wire
    private let stopServing: () -> Void

    /// The log's newest position: unchanged when nothing happened, one more for each event.
    var position: UInt64 { martlet.newest.position }

    private init(_ directory: String, _ transport: Transport, _ settings: Settings) throws {
        self.directory = directory
        let martlet = try Martlet(DataDirectory(directory + "/data", create: true), settings.whole)
        self.martlet = martlet
        switch transport {
        case .memory:
            let service = Service(martlet, settings.http)
            let server = MemoryServer(drainLimit: settings.http.server.drainLimit) { APIHandler(service, $0) }
            service.counters.withLock { $0 = { [weak server] in server?.counters ?? ServerCounters() } }
            wire = .memory(server)
            control = .memory(server, from: .local)
            stopServing = { server.stop() }
        case .socket:
            let server = MartletServer(martlet, settings.http)
            let socket = DataLayout(martlet.path).controlSocket
            try server.start(control: LocalListener(at: socket))
            control = .control(path: socket)
            wire = .socket(port: server.port)
            stopServing = { server.stop() }
        }
    }

    /// Runs a test against a new server, and stops it afterwards.
    static func run(_ transport: Transport, _ body: (LiveServer) async throws -> Void) async throws {
        try await with { _ in }.run(transport, body)
    }

    /// What a server is like that differs from the usual one.
    static func with(_ change: (inout Settings) -> Void) throws -> Settings {
        var settings = Settings(
            http: AdapterConfiguration(server: ServerConfiguration(address: try .init("127.0.0.1:0"))))
        settings.http.server.connectionLimit = 1000
        settings.http.server.stopDeadline = .milliseconds(500)
        // Long, since many tests share the machine; those that wait in vain set a short one.
        settings.http.waitLimit = .seconds(60)
        settings.http.server.deadlines.header = .seconds(600)
        settings.http.server.deadlines.idle = .seconds(600)
        // A test sends more requests than a person does.
        settings.http.requestsPerSecond = 0
        settings.whole.mapSize = 1 << 28
        change(&settings)
        return settings
    }

    fileprivate static func run(
        _ settings: Settings, _ transport: Transport, _ body: (LiveServer) async throws -> Void
    ) async throws {
        try await BlockingThreads.run {
            var template = Array("/tmp/martlet-test-XXXXXX".utf8CString)
            let directory = String(cString: mkdtemp(&template))
            defer { try? FileManager.default.removeItem(atPath: directory) }
            let live = try LiveServer(directory, transport, settings)
            do {
                try await body(live)
                try await live.stop()
            } catch {
                try? await live.stop()
                throw error
            }
        }
    }

    private func stop() async throws {
        stopServing()
        try await martlet.close()
    }

    /// Makes an account whose key is `key-<handle>`, and connects as it.
    func register(_ handle: String, name: String? = nil, role: Role = .member) async throws -> APIClient {
        let key = AccessKey("key-\(handle)")!
        let command = Command.registerAccount(
            RegisterAccount(
                handle: try Handle(handle), name: try DisplayName(name ?? "The \(handle)"), role: role, key: key.hash))
        guard case .event(let id) = try await martlet.execute(command, by: .operator) else {
            throw RawClient.Failure.malformed("no account")
        }
        return APIClient(wire, key: key.text, id: Int(id), name: name ?? "The \(handle)")
    }

    /// Connects as somebody without a key.
    var stranger: APIClient { APIClient(wire, key: nil) }

    /// Connects as the operator, who may send a key nevertheless.
    func `operator`(key: String? = nil) -> APIClient { APIClient(control, key: key) }
}

extension LiveServer.Settings {
    /// Runs a test against such a server, and stops it afterwards.
    func run(_ transport: Transport, _ body: (LiveServer) async throws -> Void) async throws {
        try await LiveServer.run(self, transport, body)
    }
}
