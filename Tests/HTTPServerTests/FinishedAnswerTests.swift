import ContractChecks
import Testing

@testable import HTTPServer

/// Header lines that answers have in common: those of the handler, added at the end, and those of a block.
struct FinishedAnswerTests {
    /// Adds to every answer the number of answers that it has finished for its exchange, which must be one.
    private final class FinishingHandler: RequestHandler {
        private var finished: [ObjectIdentifier: UInt64] = [:]

        func begin(_ exchange: Exchange) -> BodyPlan {
            finished[ObjectIdentifier(exchange)] = 0
            switch exchange.pathText {
            case "/suspended": exchange.suspend().resume { Self.answer($0) }
            case "/dropped": _ = exchange.suspend()
            case "/silent": break
            case "/body": return .collect(limit: 10) { Self.answer($0) }
            default: Self.answer(exchange)
            }
            return .done
        }

        func errorResponse(status: Int, type: StaticString, message: String) -> Response {
            var body = ResponseBuffer()
            body.append(type)
            return Response(status: status, headerBlock: Self.block, body: body)
        }

        func finish(_ response: inout Response, for exchange: Exchange) {
            finished[ObjectIdentifier(exchange), default: 0] += 1
            response.add("X-Finished", number: finished[ObjectIdentifier(exchange)]!)
            response.add("X-Path", string: exchange.pathText)
        }

        private static let block: StaticString = "Content-Type: text/plain\r\nX-One: a: b\r\nX-Two: c\r\n"

        private static func answer(_ exchange: Exchange) {
            exchange.respond(Response(status: 200, headerBlock: block, text: "yes"))
        }
    }

    private static let requests: [(request: Request, status: Int)] = [
        (Request("GET", "/plain"), 200), (Request("HEAD", "/plain"), 200), (Request("GET", "/suspended"), 200),
        (Request("POST", "/body", body: [1, 2, 3]), 200),
        // These are the server's own.
        (Request("POST", "/body", body: [UInt8](repeating: 1, count: 11)), 413), (Request("GET", "/silent"), 500),
        (Request("GET", "/dropped"), 500),
    ]

    private func check(_ headers: [(name: String, value: String)], _ status: Int, _ request: Request, _ expected: Int) {
        func values(_ name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }
        #expect(status == expected, "\(request.target)")
        #expect(values("X-Finished") == ["1"], "\(request.target)")
        #expect(values("X-Path") == [request.target], "\(request.target)")
        #expect(values("Content-Type") == ["text/plain"] && values("X-One") == ["a: b"] && values("X-Two") == ["c"])
    }

    @Test func `Every answer is finished once, the server's own too, and carries its block of lines`() throws {
        let configuration = ServerConfiguration(address: try ListenAddress("127.0.0.1:0"))
        let server = HTTPServer(configuration: configuration) { _ in FinishingHandler() }
        try server.start()
        defer { server.stop() }
        let memory = MemoryServer { _ in FinishingHandler() }
        defer { memory.stop() }
        for (request, expected) in Self.requests {
            let record = try #require(memory.answer(request))
            check(record.headers, record.status, request, expected)
            let client = try RawClient(port: server.port)
            let length = request.body.isEmpty ? "" : "Content-Length: \(request.body.count)\r\n"
            try client.send("\(request.method) \(request.target) HTTP/1.1\r\nHost: test\r\n\(length)\r\n")
            if !request.body.isEmpty { try client.send(request.body) }
            let response = try client.readResponse(isHead: request.method == "HEAD")
            check(response.headers, response.status, request, expected)
        }
    }
}
