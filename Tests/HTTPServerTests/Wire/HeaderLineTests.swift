import Testing

@testable import HTTPServer

/// Header lines (RFC 9112, section 5; RFC 9110, sections 5, 7.2 and 10.1.1), as bytes in and bytes out.
struct HeaderLineTests {
    private static func lines(_ lines: String, _ outcome: String) -> WireRow {
        WireRow("GET /fields HTTP/1.1\r\nHost: a\r\n\(lines)\r\n", outcome)
    }

    private static func value(_ line: String, _ value: String) -> WireRow { lines(line, "200 get \(value) - 0, open") }

    @Test(arguments: [
        value("X-Name: v\r\n", "v"), value("x-nAME:v\r\n", "v"), value("X-Name: \t v \t\r\n", "v"),
        value("X-Name:\r\n", ""), value("X-Name:  \t \r\n", ""), value("X-Name: a \t b\r\n", "a \t b"),
        value("X-Name: a: b,\"c\"\r\n", "a: b,\"c\""), value("X-Name: ä\u{80}\r\n", "ä\u{80}"),
        value("X-Name: v\r\nX-Name: w\r\n", "v"), value("!#$%&'*+-.^_`|~: v\r\n", "-"),
        value("Connection: keep-alive\r\n", "-"), value("Connection: ,Upgrade,\r\n", "-"),
        value("Connection:\r\n", "-"),
    ])
    func `Lines that the grammar allows are taken`(_ row: WireRow) { row.check() }

    @Test(arguments: [
        ": x\r\n", " : x\r\n", "X-Name : v\r\n", "X-Name\t: v\r\n", "X Name: v\r\n", "X-Name\r\n", "X-Name\u{B}: v\r\n",
        "X(: v\r\n", "X-\0: v\r\n", "X-ä: v\r\n", "X-Name: a\0b\r\n", "X-Name: a\rb\r\n", "X-Name: a\r\r\n",
        "X-Name: a\u{1}b\r\n", "X-Name: a\u{7F}\r\n", "X-Name: a\u{B}\r\n", "X-Name: v\n", "X-Name: v\n\r\n", "\n",
        "\r\r\n",
        "X-Name: v\r\nContent-Length: 5\n\r\n", "Connection: a b\r\n",
    ])
    func `Other lines are refused`(_ lines: String) { Self.lines(lines, "400, closed").check() }

    @Test(arguments: [
        "X-Name: a\r\n b\r\n", "X-Name: a\r\n\tb\r\n", "X-Name:\r\n a\r\n", "X-Name: a\r\n \r\n", " X-Name: a\r\n",
        "Content-Length:\r\n 44\r\n", "Content: 18\r\n -Length\r\n", "api: key\r\n -key\r\n", "\tX: y\r\n",
    ])
    func `Folded lines are refused`(_ lines: String) { Self.lines(lines, "400, closed").check() }

    private static func host(_ lines: String, _ outcome: String) -> WireRow {
        WireRow("GET /hello HTTP/1.1\r\n\(lines)\r\n", outcome)
    }

    @Test(arguments: [
        host("Host: a\r\n", "200 hello, open"), host("Host:\r\n", "200 hello, open"),
        host("hOST: A.b-c_d:80\r\n", "200 hello, open"),
        host("Host: 127.0.0.1:\r\n", "200 hello, open"), host("Host: [::1]\r\n", "200 hello, open"),
        host("Host: [2001:db8::1]:443\r\n", "200 hello, open"),
        host("", "400, closed"), host("Host: a\r\nHost: a\r\n", "400, closed"),
        host("Host: a\r\nhost: b\r\n", "400, closed"),
        host("Host: a b\r\n", "400, closed"), host("Host: a/b\r\n", "400, closed"),
        host("Host: u@a\r\n", "400, closed"),
        host("Host: a:b\r\n", "400, closed"), host("Host: a:80:80\r\n", "400, closed"),
        host("Host: [::1\r\n", "400, closed"),
        host("Host: ::1\r\n", "400, closed"), host("Host: a, b\r\n", "400, closed"),
        host("Host: http://a\r\n", "400, closed"),
        WireRow("GET /hello HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "400, closed"),
        WireRow("GET /hello HTTP/1.0\r\nHost: a/b\r\n\r\n", "400, closed"),
        WireRow("HEAD /hello HTTP/1.1\r\n\r\n", "400, closed"),
    ])
    func `There is one host, and it looks like one`(_ row: WireRow) { row.check() }

    private static func connection(_ line: String, _ outcome: String) -> WireRow {
        WireRow("\(line)\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n", outcome)
    }

    @Test(arguments: [
        connection("GET /hello HTTP/1.1\r\nHost: a", "200 hello, 200 hello, open"),
        connection("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close", "200 hello, closed"),
        connection("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: x, CLOSE", "200 hello, closed"),
        connection("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: close", "200 hello, closed"),
        connection("GET /hello HTTP/1.0", "200 hello, closed"),
        connection("GET /hello HTTP/1.0\r\nConnection: Keep-Alive", "200 hello, 200 hello, open"),
        connection("GET /hello HTTP/1.0\r\nConnection: close", "200 hello, closed"),
        connection("GET /hello HTTP/1.0\r\nConnection: keep-alive, \tClose ", "200 hello, closed"),
        connection("GET /hello HTTP/1.0\r\nConnection: close\r\nConnection: keep-alive", "200 hello, closed"),
        connection("GET /hello HTTP/1.0\r\nConnection: keep-alive, x-close", "200 hello, 200 hello, open"),
    ])
    func `The connection goes on as the client says`(_ row: WireRow) { row.check() }

    private static func expect(_ lines: String, _ outcome: String, version: String = "1.1") -> WireRow {
        WireRow("POST /echo HTTP/\(version)\r\nHost: a\r\n\(lines)\r\nhello", outcome)
    }

    @Test(arguments: [
        expect("Expect: 100-continue\r\nContent-Length: 5\r\n", "100, 200 hello, open"),
        expect("Content-Length: 5\r\nExpect: 100-Continue\r\n", "100, 200 hello, open"),
        expect("Expect: magic\r\nContent-Length: 5\r\n", "417, closed"),
        expect("Expect: 100-continue\r\nExpect: magic\r\nContent-Length: 5\r\n", "417, closed"),
        expect("Expect: magic\r\nExpect: 100-continue\r\nContent-Length: 5\r\n", "417, closed"),
        // HTTP/1.0 knows no expectations, so they must be overlooked, and hide nothing.
        expect("Expect: 100-continue\r\nContent-Length: 5\r\n", "200 hello, closed", version: "1.0"),
        expect("Expect: magic\r\nContent-Length: 5\r\n", "200 hello, closed", version: "1.0"),
        expect("Expect: magic\r\nContent-Length: 5, 5\r\n", "400, closed", version: "1.0"),
        expect("Expect: magic\r\nContent-Length: 5\r\nHost: a/b\r\n", "400, closed", version: "1.0"),
        WireRow("GET /hello HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n", "200 hello, open"),
        WireRow(
            "POST /refused HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", "401, closed"),
    ])
    func `Expectations are met or refused`(_ row: WireRow) { row.check() }

    @Test func `A head may have 16 KiB and 100 lines, and no more`() {
        func row(_ count: Int, _ outcome: String) -> WireRow {
            let line = "X: \(String(repeating: "y", count: 1017))\r\n"
            let head = "GET /hello HTTP/1.1\r\nHost: a\r\n" + String(repeating: line, count: 15)
            return WireRow("\(head)Y: \(String(repeating: "z", count: count - head.utf8.count - 7))\r\n\r\n", outcome)
        }
        let limit = HeadLimits().head
        row(limit, "200 hello, open").check()
        row(limit + 1, "431, closed").check()
        Self.lines(String(repeating: "X: y\r\n", count: 99), "200 get - - 0, open").check()
        Self.lines(String(repeating: "X: y\r\n", count: 100), "431, closed").check()
    }
}
