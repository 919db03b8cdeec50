import Testing

@testable import ControlClient

@Suite struct AnswerReaderTests {
    private func read(_ text: String, piece: Int = .max, longestBody: Int = 100) throws(ControlError) -> ControlAnswer?
    {
        var reader = AnswerReader(longestBody: longestBody)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            reader.take(Array(rest.prefix(piece)))
            rest = rest.dropFirst(piece)
            if let answer = try reader.answer() { return answer }
        }
        return nil
    }

    @Test(arguments: [1, 2, 7, .max]) func `An answer is read in whatever pieces it comes`(piece: Int) throws {
        let text = "HTTP/1.1 202 Accepted\r\nX: content-length: 9\r\ncontent-LENGTH: \t3\r\n\r\nabc"
        #expect(try read(text, piece: piece) == ControlAnswer(status: 202, body: Array("abc".utf8)))
    }

    @Test func `No part of an answer is one`() throws {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"
        for count in 0..<text.utf8.count {
            let part = String(decoding: text.utf8.prefix(count), as: UTF8.self)
            #expect(try read(part) == nil)
        }
    }

    @Test func `204 and 304 need no length`() throws {
        #expect(try read("HTTP/1.1 204 No Content\r\n\r\n")?.status == 204)
        #expect(try read("HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n")?.body == [])
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\nabc", "HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno header line\r\n\r\n", "HTTP/2 200\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n\r\n",
        "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n", "\r\n\r\n",
    ]) func `What is no answer with one length is refused`(text: String) throws {
        let error = #expect(throws: ControlError.self) { try read(text) }
        guard case .malformed? = error else {
            Issue.record("\(error as Any)")
            return
        }
    }

    @Test func `Heads and bodies have bounds`() throws {
        #expect(throws: ControlError.tooLong(limit: 100)) {
            try read("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n")
        }
        let long = "HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: AnswerReader.longestHead)
        #expect(throws: ControlError.tooLong(limit: AnswerReader.longestHead)) { try read(long, piece: 1 << 14) }
    }
}
