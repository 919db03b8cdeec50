import ContractChecks
import Glibc
import LocalSockets

@testable import HTTPServer

/// A server on a free port with the routes of ``TestHandler``.
struct TestServer {
    let server: HTTPServer
    let record: TestRecord

    var port: UInt16 { server.port }

    func connect() throws -> RawClient {
        try RawClient(port: port)
    }

    /// Runs a test against a new server and stops it afterwards.
    ///
    /// - Parameter local: a Unix socket that it serves, too.
    static func run(
        _ change: (inout ServerConfiguration) -> Void = { _ in }, local: LocalListener? = nil,
        _ body: (TestServer) throws -> Void
    ) throws {
        var configuration = ServerConfiguration(address: try ListenAddress("127.0.0.1:0"))
        configuration.connectionLimit = 8000
        configuration.stopDeadline = .milliseconds(500)
        change(&configuration)
        let record = TestRecord()
        let server = HTTPServer(configuration: configuration) { _ in TestHandler(record) }
        try server.start(local: local)
        defer { server.stop() }
        try body(TestServer(server: server, record: record))
    }

    /// Waits until a condition holds.
    ///
    /// - Parameter limit: how long. By default so long that only what never comes about takes all of it.
    static func wait(atMost limit: Duration = .seconds(20), until condition: () -> Bool) -> Bool {
        let end = ContinuousClock.now + limit
        while .now < end {
            if condition() { return true }
            usleep(5000)
        }
        return condition()
    }
}
