import ContractChecks
import Glibc
import Testing

@testable import HTTPServer

struct ListeningTests {
    private func server(_ address: String, loops: Int = 1) throws -> HTTPServer {
        var configuration = ServerConfiguration(address: try ListenAddress(address))
        configuration.loops = loops
        return HTTPServer(configuration: configuration) { _ in TestHandler(TestRecord()) }
    }

    /// Starts a server where another one was: a child that another test begins just now keeps its socket open until it
    /// becomes its program.
    private func serverStarted(_ address: String) throws -> HTTPServer {
        let end = ContinuousClock.now + .seconds(10)
        while true {
            let server = try server(address)
            do {
                try server.start()
                return server
            } catch {
                guard error == .addressInUse(address), .now < end else { throw error }
                usleep(5000)
            }
        }
    }

    @Test func `A free port is shared by all loops`() throws {
        let server = try server("127.0.0.1:0", loops: 4)
        try server.start()
        defer { server.stop() }
        #expect(server.port > 0)
        for _ in 0..<40 {
            let client = try RawClient(port: server.port)
            #expect(try client.get("/hello").status == 200)
        }
    }

    @Test(arguments: [1, 3])
    func `A port in use is refused`(_ loops: Int) throws {
        let first = try server("127.0.0.1:0", loops: loops)
        try first.start()
        defer { first.stop() }
        for host in ["127.0.0.1", ""] {
            let address = "\(host):\(first.port)"
            let second = try server(address, loops: loops)
            #expect(throws: HTTPServerError.addressInUse(address)) { try second.start() }
        }
        #expect(try RawClient(port: first.port).get("/hello").status == 200)
    }

    @Test func `A port is free again after the stop`() throws {
        let first = try server("127.0.0.1:0")
        try first.start()
        let port = first.port
        let client = try RawClient(port: port)
        #expect(try client.get("/hello").status == 200)
        first.stop()
        let second = try serverStarted("127.0.0.1:\(port)")
        defer { second.stop() }
        #expect(try RawClient(port: port).get("/hello").status == 200)
    }

    @Test func `An address of another machine is refused`() throws {
        let server = try server("192.0.2.1:0")
        let error = #expect(throws: HTTPServerError.self) { try server.start() }
        #expect(error == .cannotListen(address: "192.0.2.1:0", call: "bind", code: EADDRNOTAVAIL))
        #expect(error?.description.contains("192.0.2.1:0") == true)
    }

    @Test(arguments: ["[::1]:0", ":0"])
    func `IP version 6 is served`(_ address: String) throws {
        let server = try server(address)
        try server.start()
        defer { server.stop() }
        let client = try RawClient(port: server.port, isIPv6: true)
        #expect(try client.get("/hello").status == 200)
        if address == ":0" {
            let other = try RawClient(port: server.port)
            #expect(try other.get("/hello").status == 200)
        }
    }

    @Test func `Addresses are read as written`() throws {
        for text in ["127.0.0.1:8080", "[::1]:8080", ":8080", "0.0.0.0:1", "[2001:db8::7]:65535"] {
            #expect(try ListenAddress(text).description == text)
        }
        for text in [
            "", "8080", "localhost:8080", "::1:8080", "127.0.0.1:", "127.0.0.1:65536", "1.2.3:80", "[1.2.3.4]:80",
        ] {
            #expect(throws: HTTPServerError.malformedAddress(text)) { try ListenAddress(text) }
        }
    }
}
