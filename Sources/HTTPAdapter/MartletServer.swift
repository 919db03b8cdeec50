public import Application
public import HTTPServer
public import LocalSockets
internal import Threads

/// Martlet over HTTP: the contract of `docs/http-api.md` on a port.
public final class MartletServer: Sendable {
    private let server: HTTPServer

    /// Prepares to serve; see ``start()``.
    public init(_ martlet: Martlet, _ configuration: AdapterConfiguration) {
        let service = Service(martlet, configuration)
        server = HTTPServer(configuration: configuration.server) { APIHandler(service, $0) }
        let server = server
        service.counters.withLock { $0 = { [weak server] in server?.counters ?? ServerCounters() } }
    }

    /// The port that it listens on. When port 0 was asked for, it is the one that the system chose.
    public var port: UInt16 { server.port }

    /// What it has done so far.
    public var counters: ServerCounters { server.counters }

    /// Listens. Returns as soon as every loop serves.
    ///
    /// - Parameter control: the control socket, if there is one, which the server takes over. The same routes answer
    ///   there, to the operator.
    public func start(control: LocalListener? = nil) throws(HTTPServerError) { try server.start(local: control) }

    /// Takes no further connections, answers what is under way, and closes. Blocks for a few seconds at most.
    public func stop() { server.stop() }
}

/// The settings of the HTTP adapter.
public struct AdapterConfiguration: Sendable {
    /// Where and how to listen.
    public var server: ServerConfiguration
    /// A directory with a front end to serve beside the API; `nil` for none.
    public var webRoot: String?
    /// What the front end's pages may load, as a `Content-Security-Policy`; `nil` for the usual, strict one.
    public var pagePolicy: String?
    /// The origins whose scripts may read answers; `nil` for none but the server's own.
    public var allowedOrigins: AllowedOrigins?
    /// The most entries of a tweet's `likes`, and of a user's `followers` and `following`.
    public var embeddedLimit = 1000
    /// The most entries of a page.
    public var pageLimit = 1000
    /// The most likes that all tweets of a page show together.
    public var pageLikes = 100_000
    /// How far down the feed numbered pages go, and how long ways there are cut.
    public var feedSlices = FeedSlices()
    /// The largest JSON body, in bytes. A route may set a lower limit for its own.
    public var bodyLimit = 1 << 20
    /// The largest uploaded file, in bytes.
    public var mediaLimit = 20 << 20
    /// Requests that an account may make a second in the long run; 0 for no limit.
    public var requestsPerSecond = 100
    /// Requests that an account may make at once.
    public var burst = 1000
    /// Wrong keys that an address may show a second in the long run, and ten times as many at once; 0 for no limit.
    /// Addresses of this machine are not limited.
    public var wrongKeysPerSecond = 10
    /// Proxies whose `X-Forwarded-For` tells the client's address.
    public var trustedProxies: [PeerNetwork] = []
    /// The longest that `Martlet-Wait` waits for a position, and that a write waits to become visible.
    public var waitLimit = Duration.seconds(5)
    /// The most bytes for names of accounts that pages show, all loops together.
    public var nameMemory = 16 << 20
    /// The most bytes for what readers saw of their newest feeds, all loops together; with 0 nothing is remembered.
    public var feedMemory = 16 << 20
    /// Called with one line when something goes wrong that no client should see. On any thread; must not block.
    public var report: @Sendable (String) -> Void = { _ in }

    /// The defaults, on one address.
    public init(server: ServerConfiguration) { self.server = server }
}
