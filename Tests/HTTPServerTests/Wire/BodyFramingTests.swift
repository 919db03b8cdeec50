import Testing

@testable import HTTPServer

/// Where a body ends (RFC 9112, sections 6 and 7), as bytes in and bytes out.
struct BodyFramingTests {
    private static let next = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"

    private static func post(_ lines: String, _ body: String, _ outcome: String, version: String = "1.1") -> WireRow {
        WireRow("POST /echo HTTP/\(version)\r\nHost: a\r\n\(lines)\r\n\r\n\(body)", outcome)
    }

    @Test(arguments: [
        post("Content-Length: 5", "hello" + next, "200 hello, 200 hello, open"),
        post("Content-Length: 3", "abc\r\n" + next, "200 abc, 200 hello, open"),
        post("Content-Length:  5\t", "hello", "200 hello, open"),
        post("content-length: 005", "hello", "200 hello, open"),
        post("Content-Length: 0", next, "200, 200 hello, open"),
        post("Content-Length: 50", "hello", "waits"),
        post("X: y", next, "200, 200 hello, open"),
        WireRow(
            "GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 33\r\n\r\n" + next + next, "200 hello, 200 hello, open"),
        WireRow("HEAD /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "200, open"),
    ])
    func `A length is kept to`(_ row: WireRow) { row.check() }

    @Test(arguments: [
        "-5", "+5", "0x5", "5, 5", "5,5", "5 5", "5;", "", " ", ",", "5,", ",5", "abc", "5.0", "５", "\"5\"",
        "9223372036854775808", "18446744073709551615", "18446744073709551616", "99999999999999999999999",
    ])
    func `A length that is no plain number is refused`(_ length: String) {
        Self.post("Content-Length: \(length)", "hello", "400, closed").check()
        Self.post("Content-Length: \(length)", "hello", "400, closed", version: "1.0").check()
    }

    @Test(arguments: [
        "Content-Length: 5\r\nContent-Length: 5", "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 0\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: identity", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: chunked;q=1", "Transfer-Encoding:",
        "Transfer-Encoding: xchunked", "Transfer-Encoding: chunked\u{B}", "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding: ,chunked", "Transfer-Encoding: chunked,",
        "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding:\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding:",
        "Transfer-Encoding: chunked\r\nContent-Type: a/b\r\ncontent-type: a/c",
    ])
    func `Framing that two readers could see differently is refused`(_ lines: String) {
        Self.post(lines, "0\r\n\r\n", "400, closed").check()
    }

    private static func chunks(_ body: String, _ outcome: String) -> WireRow {
        post("Transfer-Encoding: chunked", body, outcome)
    }

    @Test(arguments: [
        chunks("5\r\nhello\r\n0\r\n\r\n" + next, "200 hello, 200 hello, open"),
        chunks("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "200 hello world, open"),
        chunks("0\r\n\r\n" + next, "200, 200 hello, open"),
        chunks("00a\r\n0123456789\r\n000\r\n\r\n", "200 0123456789, open"),
        chunks("A\r\n\r\n\r\n\r\n\r\n\r\n\r\n0\r\n\r\n", "200 \r\n\r\n\r\n\r\n\r\n, open"),
        chunks("5;a\r\nhello\r\n0;b=c\r\n\r\n", "200 hello, open"),
        chunks("5 ; a = \"b;\\\" c\" ;d\r\nhello\r\n0\r\n\r\n", "200 hello, open"),
        chunks("5\r\nhello\r\n0\r\nA: b\r\nContent-Type: c\r\n\r\n" + next, "200 hello, 200 hello, open"),
        chunks("5\r\nhel", "waits"), chunks("5\r\nhello\r\n0\r\n", "waits"),
        chunks("5\r\nhello\r\n0\r\nA: b\r\n", "waits"),
        post("Transfer-Encoding: CHUNKED", "0\r\n\r\n", "200, open"),
    ])
    func `Chunks are put together`(_ row: WireRow) { row.check() }

    @Test(arguments: [
        "zz\r\nhello\r\n", "\r\nhello\r\n", " 5\r\nhello\r\n", "5 \r\nhello\r\n", "+5\r\nhello\r\n", "-1\r\nhello\r\n",
        "0x5\r\nhello\r\n", "5\nhello\r\n", "5\r\nhelloXX0\r\n\r\n", "5\r\nhello\n0\r\n\r\n", "5\r\nhello0\r\n\r\n",
        "10000000000000000\r\nhello\r\n", "ffffffffffffffffff\r\n", "5\rX\r\nhello\r\n", "5;\r\nhello\r\n",
        "5;a=\r\nhello\r\n",
        "5;a b\r\nhello\r\n", "5;a=\"b\r\nhello\"\r\n0\r\n\r\n", "5;a=\"\n\"\r\nhello\r\n", "5,5\r\nhello\r\n",
        "5\0\r\nhello\r\n",
        "0 \r\n\r\n", "0;\r\n\r\n", "0x\r\n\r\n", "5\r\nhello\r\n\r\n0\r\n\r\n",
    ])
    func `A malformed chunk is refused`(_ body: String) { Self.chunks(body, "400, closed").check() }

    @Test(arguments: [
        "A b: c\r\n", "A : b\r\n", ": b\r\n", "A\r\n", "A: b\n", "A: b\0\r\n", "A: b\r\n c\r\n", " A: b\r\n",
        "\tA: b\r\n",
        "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "A: b\rc\r\n",
    ])
    func `A malformed trailer is refused`(_ trailer: String) {
        Self.chunks("5\r\nhello\r\n0\r\n\(trailer)\r\n", "400, closed").check()
    }

    @Test func `Lines of chunks and trailers have limits`() {
        func times(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }
        Self.chunks("5;\(times("a", 4000))\r\nhello\r\n0\r\n\r\n", "200 hello, open").check()
        Self.chunks("5;\(times("a", 5000))\r\nhello\r\n0\r\n\r\n", "400, closed").check()
        Self.chunks("1;\(times("a", 40_000))", "400, closed").check()
        Self.chunks(times("0", 40_000), "400, closed").check()
        Self.chunks("0\r\nA: \(times("b", 8000))\r\n\r\n", "200, open").check()
        Self.chunks("0\r\nA: \(times("b", 9000))\r\n\r\n", "400, closed").check()
        Self.chunks("0\r\n\(times("A: b\r\n", 10_000))", "400, closed").check()
        // Small chunks are taken; small ones with long extensions are not for ever.
        Self.chunks(times("1\r\nx\r\n", 300) + "0\r\n\r\n", "200 \(times("x", 300)), open").check()
        Self.chunks(times("1;\(times("a", 1000))\r\nx\r\n", 20) + "0\r\n\r\n", "400, closed").check()
    }

    @Test func `Requests sent at once are answered in order`() {
        let requests = (0..<30).map { "GET /path/\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }
        let answers = (0..<30).map { "200 /path/\($0)" }
        WireRow(requests.joined(), (answers + ["open"]).joined(separator: ", ")).check()
    }
}
