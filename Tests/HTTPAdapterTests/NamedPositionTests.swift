import Application
import HTTPServer
import TestSupport
import Testing

@testable import HTTPAdapter

@Suite struct NamedPositionTests {
    @Test func `No answer names less than one before it`() async throws {
        let directory = TemporaryDirectory()
        let martlet = try Martlet(DataDirectory(directory.path + "/data", create: true))
        let configuration = AdapterConfiguration(
            server: ServerConfiguration(address: try ListenAddress("127.0.0.1:0")))
        let service = Service(martlet, configuration)
        #expect(service.position == 0)
        // A loop read what the follower has not told of yet.
        _ = service.json(200, ResponseBuffer(capacity: 8), position: 7)
        #expect(service.position == 7)
        _ = service.json(200, ResponseBuffer(capacity: 8), position: 5)
        #expect(service.position == 7)
        try await martlet.close()
    }
}
