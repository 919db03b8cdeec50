import ContractChecks
import Testing
import Threads

@testable import HTTPServer

struct MemoryServerTests {
    private static let form = UploadTests.part("file", fileName: "a b.png", UploadTests.tricky(100_000))
    private static let multipart = [(name: "Content-Type", value: "multipart/form-data; boundary=XyZ")]

    private static let requests: [Request] = [
        Request("GET", "/hello"), Request("HEAD", "/bytes?count=70000"), Request("GET", "/bytes?count=70000"),
        Request("GET", "/fields?b=2&a=x%20y+z&a=2&A=3", headers: [("x-nAME", "value")]),
        Request("GET", "/fields?a"), Request("GET", "/fields?a="), Request("BREW", "/fields?%61=%zz&c"),
        Request("GET", "/%68ell%6f"), Request("GET", "/hello%2500"), Request("GET", "/hello%00"),
        Request("GET", "http://test/hello?a=1"), Request("GET", "http://test"), Request("GET", "/nothing"),
        Request("POST", "/echo"), Request("POST", "/echo", body: Array("hello".utf8)),
        Request("POST", "/echo", body: [UInt8](repeating: 7, count: 100_000)),
        Request("POST", "/echo", body: [UInt8](repeating: 7, count: 100_001)),
        Request("GET", "/hello", body: Array("GET /".utf8)), Request("POST", "/hello", body: Array("x".utf8)),
        Request("GET", "/refused"), Request("POST", "/refused", body: [UInt8](repeating: 0, count: 200_000)),
        Request("POST", "/refused", body: [UInt8](repeating: 0, count: 3_000_000)),
        Request("POST", "/hello", body: [UInt8](repeating: 0, count: 3_000_000)),
        Request("GET", "/silent"), Request("GET", "/dropped"), Request("GET", "/twice"),
        Request("POST", "/upload", headers: multipart, body: form + UploadTests.end),
        Request("POST", "/upload", headers: multipart, body: UploadTests.part("note", [1]) + form + UploadTests.end),
        Request("POST", "/upload", headers: multipart, body: form + form + UploadTests.end),
        Request("POST", "/upload", headers: multipart, body: UploadTests.part("other", [1]) + UploadTests.end),
        Request("POST", "/upload", headers: multipart, body: Array("no form at all".utf8)),
        Request("POST", "/upload", headers: [("Content-Type", "application/json")], body: Array("{}".utf8)),
        Request("POST", "/upload", headers: [("Content-Type", "multipart/form-data")], body: form + UploadTests.end),
        Request("POST", "/upload"),
        Request("POST", "/full", headers: multipart, body: form + UploadTests.end),
    ]

    @Test func `The same request has the same answer in memory and over a socket`() throws {
        try TestServer.run { server in
            let memory = MemoryServer { _ in TestHandler(TestRecord()) }
            defer { memory.stop() }
            for request in Self.requests {
                let place = "\(request.method) \(request.target), \(request.body.count) bytes"
                let client = try server.connect()
                var head = "\(request.method) \(request.target) HTTP/1.1\r\nHost: test\r\n"
                for (name, value) in request.headers { head += "\(name): \(value)\r\n" }
                try client.send(head + "Content-Length: \(request.body.count)\r\n\r\n")
                try? client.send(request.body)
                let wired = try client.readResponse(isHead: request.method == "HEAD")
                let direct = try #require(memory.answer(request))
                #expect(direct.status == wired.status, "\(place)")
                #expect(direct.body == wired.body, "\(place)")
                for name in ["Content-Type", "Content-Length", "X-Number", "X-String"] {
                    #expect(direct.headers.first { $0.name == name }?.value == wired[name], "\(name) of \(place)")
                }
            }
        }
    }

    @Test func `A form that breaks off is malformed`() throws {
        let memory = MemoryServer { _ in TestHandler(TestRecord()) }
        defer { memory.stop() }
        for count in [40, 60, 300, Self.form.count - 1] {
            let request = Request("POST", "/upload", headers: Self.multipart, body: Array(Self.form[..<count]))
            let answer = try #require(memory.answer(request))
            #expect(String(decoding: answer.body, as: UTF8.self).hasPrefix("malformed"))
        }
    }

    @Test func `A suspended request is answered later, and others meanwhile`() throws {
        let record = TestRecord()
        let memory = MemoryServer { _ in TestHandler(record) }
        let answers = Mailbox<ResponseRecord?>()
        memory.send(Request("GET", "/suspended")) { answers.put($0) }
        let suspension = try #require(record.suspensions.take()?.first)
        #expect(memory.answer(Request("GET", "/hello"))?.status == 200)
        suspension.resume { $0.respond(Response(status: 201, contentType: "text/plain", text: "late")) }
        #expect(answers.take()?.first??.status == 201)
        memory.send(Request("GET", "/suspended")) { answers.put($0) }
        let last = try #require(record.suspensions.take()?.first)
        memory.stop()
        #expect(answers.take()?.first?.map(\.status) == nil)
        last.resume { $0.respond(Response(status: 200)) }
        #expect(memory.answer(Request("GET", "/hello"))?.status == nil)
        #expect(memory.counters.requests == 3)
        #expect(memory.counters.successes == 2)
    }

    @Test func `Handlers are called once a second`() {
        let record = TestRecord()
        let memory = MemoryServer { _ in TestHandler(record) }
        defer { memory.stop() }
        #expect(TestServer.wait { record.ticks.withLock { $0 } >= 2 })
    }
}
