public import Application
internal import Threads

/// Martlet over HTTP: the contract of `docs/http-api.md` on a port.
public final class MartletServer: Sendable {
    private let server: HTTPServer

    /// Prepares to serve; see ``start()``.
    public init(_ martlet: Martlet, _ configuration: AdapterConfiguration) {
        let service = Service(martlet, configuration)
        server = HTTPServer(configuration: configuration.server) { _ in APIHandler(service) }
        let server = server
        service.counters.withLock { $0 = { [weak server] in server?.counters ?? ServerCounters() } }
    }

    /// The port that it listens on, also when port 0 asked for any.
    public var port: UInt16 { server.port }

    /// What it has done so far.
    public var counters: ServerCounters { server.counters }

    /// Listens, and returns at once when every loop serves.
    public func start() throws(HTTPServerError) { try server.start() }

    /// Takes no further connections, answers what is under way, and closes. Blocks for a few seconds at most.
    public func stop() { server.stop() }
}
