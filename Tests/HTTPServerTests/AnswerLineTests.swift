import Testing

@testable import HTTPServer

/// Header lines of requests that count, and lines that any answer gets.
@Suite struct AnswerLineTests {
    /// Tells what it was asked, and gives each answer a line.
    private final class Teller: RequestHandler {
        func begin(_ exchange: Exchange) -> BodyPlan {
            exchange.addToAnswer("X-Left", number: 7)
            if exchange.hasBody { return .collect(limit: 3) { $0.respond(Response(status: 204)) } }
            let field = exchange.headerField("x-Name")
            let lines = exchange.headerLines("X-NAME").map { String(decoding: $0, as: UTF8.self) }
            var text = ResponseBuffer()
            text.append(text: "\(exchange.peer) \(field.count) \(lines)")
            exchange.respond(Response(status: 200, contentType: "text/plain", body: text))
            return .done
        }

        func errorResponse(status: Int, type: StaticString, message: String) -> Response { Response(status: status) }
    }

    private func answer(_ request: Request) -> ResponseRecord? {
        let server = MemoryServer { _ in Teller() }
        defer { server.stop() }
        return server.answer(request)
    }

    @Test func `Lines of a header are counted and lent in their order, without regard to case`() {
        let lines = [("X-Name", "a"), ("Y", "b"), ("x-name", "c"), ("x-names", "d")]
        let answer = answer(Request("GET", "/", headers: lines, peer: PeerAddress("192.0.2.1")!))
        #expect(answer.map { String(decoding: $0.body, as: UTF8.self) } == "192.0.2.1 2 [\"a\", \"c\"]")
    }

    @Test func `A line for any answer also stands on what the server refuses by itself`() {
        for body in ["", "abc", "abcd"] {
            let answer = answer(Request("POST", "/", body: Array(body.utf8)))
            #expect(answer?.status == ["": 200, "abc": 204, "abcd": 413][body])
            #expect(answer?.headers.contains { $0 == ("X-Left", "7") } == true)
        }
    }
}
