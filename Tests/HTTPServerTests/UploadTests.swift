import ContractChecks
import Testing
import Threads

@testable import HTTPServer

struct UploadTests {
    static let type = "Content-Type: multipart/form-data; boundary=XyZ\r\n"

    static func part(_ name: String, fileName: String? = nil, _ content: [UInt8]) -> [UInt8] {
        let file = fileName.map { "; filename=\"\($0)\"" } ?? ""
        let head = "--XyZ\r\nContent-Disposition: form-data; name=\"\(name)\"\(file)\r\nContent-Type: image/png\r\n\r\n"
        return Array(head.utf8) + content + [13, 10]
    }

    static let end = Array("--XyZ--\r\n".utf8)

    /// Bytes in which the beginnings of the boundary stand everywhere.
    static func tricky(_ count: Int) -> [UInt8] {
        let pattern = Array("\r\n--Xy\r\n--XyQ\r\n\r\r\n-".utf8)
        return (0..<count).map { pattern[$0 % pattern.count] }
    }

    @Test func `A file arrives whole`() throws {
        try TestServer.run { server in
            let content = Self.tricky(900_000)
            let client = try server.connect()
            let body = Self.part("note", Array("hi".utf8)) + Self.part("file", fileName: "a b.png", content) + Self.end
            #expect(try client.post("/upload", body, headers: Self.type).text == "complete a b.png 900000")
            #expect(server.record.uploaded.withLock { $0 } == content)
            #expect(server.record.cancelledCount == 0)
            #expect(try client.get("/hello").status == 200)
        }
    }

    @Test func `The boundary may be split anywhere`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            let body = Self.part("file", fileName: "x", Self.tricky(40)) + Self.end
            for split in stride(from: 1, to: body.count, by: 3) {
                try client.send("POST /upload HTTP/1.1\r\nHost: a\r\n\(Self.type)Content-Length: \(body.count)\r\n\r\n")
                try client.send(Array(body[..<split]))
                try client.send(Array(body[split...]))
                #expect(try client.readResponse().text == "complete x 40")
            }
        }
    }

    @Test func `A chunked form is taken`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            let body = Self.part("file", fileName: "x", Self.tricky(1000)) + Self.end
            try client.send("POST /upload HTTP/1.1\r\nHost: a\r\n\(Self.type)Transfer-Encoding: chunked\r\n\r\n")
            for byte in body { try client.send([49, 13, 10, byte, 13, 10]) }
            try client.send("0\r\n\r\n")
            #expect(try client.readResponse().text == "complete x 1000")
        }
    }

    @Test func `An empty file is complete`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            let body = Self.part("file", fileName: "x", []) + Self.end
            #expect(try client.post("/upload", body, headers: Self.type).text == "complete x 0")
        }
    }

    @Test func `Faults are told`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            let file = Self.part("file", fileName: "x", Self.tricky(100))
            let cases: [(String, [UInt8], String)] = [
                ("missing - 0", Self.part("other", [1, 2, 3]) + Self.end, Self.type),
                ("repeated x 100", file + file + Self.end, Self.type),
                ("malformed x 100", file.dropLast(2) + Array("\r\n--Xy".utf8), Self.type),
                ("malformed - 0", Array("no form at all".utf8), Self.type),
                ("notMultipart - 0", Array("{}".utf8), "Content-Type: application/json\r\n"),
                ("notMultipart - 0", file + Self.end, "Content-Type: multipart/form-data\r\n"),
                ("notMultipart - 0", Array("file=1".utf8), "Content-Type: application/x-www-form-urlencoded\r\n"),
                ("notMultipart - 0", [], ""),
            ]
            for (index, (expected, body, headers)) in cases.enumerated() {
                let text = try client.post("/upload", body, headers: headers).text
                #expect(text == expected)
                #expect(server.record.cancelledCount == index + 1)
            }
        }
    }

    @Test func `The limit is of the file itself`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            let whole = Self.part("file", fileName: "x", [UInt8](repeating: 1, count: 1_000_000)) + Self.end
            #expect(try client.post("/upload", whole, headers: Self.type).text == "complete x 1000000")
            let more = Self.part("file", fileName: "x", [UInt8](repeating: 1, count: 1_000_001)) + Self.end
            #expect(try client.post("/upload", more, headers: Self.type).text.hasPrefix("overLimit x "))
            #expect(server.record.cancelledCount == 1)
            let huge = Self.part("file", fileName: "x", [UInt8](repeating: 1, count: 1_100_000)) + Self.end
            #expect(try client.post("/upload", huge, headers: Self.type).status == 413)
            #expect(server.record.cancelledCount == 2)
        }
    }

    @Test func `A sink that fails is told to the handler`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            let body = Self.part("file", fileName: "x", [UInt8](repeating: 1, count: 900_000)) + Self.end
            #expect(try client.post("/full", body, headers: Self.type).text.hasPrefix("failed x "))
            #expect(server.record.cancelledCount == 1)
            #expect(try client.get("/hello").status == 200)
        }
    }

    @Test func `A client that goes away cancels the sink`() throws {
        try TestServer.run { server in
            let client = try server.connect()
            try client.send("POST /upload HTTP/1.1\r\nHost: a\r\n\(Self.type)Content-Length: 900000\r\n\r\n")
            try client.send(Self.part("file", fileName: "x", [UInt8](repeating: 1, count: 300_000)))
            #expect(TestServer.wait { server.record.uploaded.withLock { $0.count } > 0 })
            client.reset()
            #expect(TestServer.wait { server.record.cancelledCount == 1 })
            #expect(server.record.handledCount == 0)
        }
    }
}
