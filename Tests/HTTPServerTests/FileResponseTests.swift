import ContractChecks
import Glibc
import Testing

@testable import HTTPServer

struct FileResponseTests {
    @Test func `A part of a file is sent`() throws {
        let path = "/tmp/martlet-file-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let file = try #require(fopen(path, "w"))
        defer { unlink(path) }
        #expect(fwrite(content, 1, content.count, file) == content.count)
        fclose(file)
        try TestServer.run { server in
            let client = try server.connect()
            for (offset, length) in [(0, 300_000), (100_001, 150_000), (299_999, 1), (300_000, 0)] {
                let target = "/file?path=\(path)&offset=\(offset)&length=\(length)"
                let response = try client.get(target)
                #expect(response.status == 206)
                #expect(response["Content-Type"] == "image/png")
                #expect(response.body == Array(content[offset..<(offset + length)]))
                let head = try client.get(target, method: "HEAD")
                #expect(head["Content-Length"] == "\(length)")
            }
            #expect(try client.get("/hello").status == 200)
        }
    }
}
