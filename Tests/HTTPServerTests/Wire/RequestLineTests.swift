import Testing

@testable import HTTPServer

/// The request line (RFC 9112, section 3), as bytes in and bytes out.
struct RequestLineTests {
    private static func line(_ line: String, _ outcome: String) -> WireRow {
        WireRow("\(line)\r\nHost: a\r\n\r\n", outcome)
    }

    private static func path(_ target: String, _ path: String) -> WireRow {
        line("GET \(target) HTTP/1.1", "200 \(path), open")
    }

    @Test(arguments: [
        line("GET /hello HTTP/1.1", "200 hello, open"),
        line("POST /hello HTTP/1.1", "200 hello, open"),
        line("BREW /fields HTTP/1.1", "200 other - - 0, open"),
        line("get /fields HTTP/1.1", "200 other - - 0, open"),
        line("!#$%&'*+-.^_`|~9aZ /fields HTTP/1.1", "200 other - - 0, open"),
        line("HEAD /hello HTTP/1.1", "200, open"),
        line("OPTIONS * HTTP/1.1", "200 *, open"),
        WireRow("GET /hello HTTP/1.0\r\n\r\n", "200 hello, closed"),
        // RFC 9110, 2.5: a higher minor version is processed as the highest one known.
        line("GET /hello HTTP/1.2", "200 hello, open"),
        line("GET /hello HTTP/1.9", "200 hello, open"),
        // RFC 9112, 2.2: empty lines before it are overlooked.
        WireRow("\r\n\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n\r\n", "200 hello, waits"),
        WireRow(
            "\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n",
            "200 hello, 200 hello, open"),
    ])
    func `Lines that the grammar allows are taken`(_ row: WireRow) { row.check() }

    @Test(arguments: [
        "GET  /hello HTTP/1.1", "GET /hello  HTTP/1.1", "GET /hello HTTP/1.1 ", " GET /hello HTTP/1.1",
        "GET\t/hello HTTP/1.1", "GET /hello\tHTTP/1.1", "GET /hel\tlo HTTP/1.1", "GET /hello", "GET", "GET HTTP/1.1",
        "G@T /hello HTTP/1.1", "GÄT /hello HTTP/1.1", "GET /hel\0lo HTTP/1.1", "GET /hel\u{7F}lo HTTP/1.1",
        "GET /hello HTTP/1.", "GET /hello HTTP/11", "GET /hello http/1.1", "GET /hello HTTP/1.1x",
        "GET /hello HTTP/1,1",
        "GET /hello HTTP/1.10", "GET /hello HTTP /1.1", "GET /hel\rlo HTTP/1.1", "\rGET /hello HTTP/1.1",
        ": x", "GET /hello HTCPCP/1.1", "GET /hello HTTP/a.1", "GET /a b HTTP/1.1", "\u{16}\u{3}\u{1}\u{2}",
    ])
    func `Other lines are refused`(_ line: String) { Self.line(line, "400, closed").check() }

    @Test(arguments: [
        line("GET /hello HTTP/0.9", "505, closed"), line("GET /hello HTTP/2.0", "505, closed"),
        line("GET /hello HTTP/9.9", "505, closed"),
        WireRow("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505, closed"),
    ])
    func `Other versions are told`(_ row: WireRow) { row.check() }

    @Test(arguments: [
        path("/path/a?b=c", "/path/a"), path("/path/%61%20%C3%A4", "/path/a ä"),
        path("/path/a%2Fb%2fc", "/path/a%2Fb%2fc"),
        path("/path/%2561", "/path/%61"), path("/path/a+b", "/path/a+b"), path("/path/../a//b/.", "/path/../a//b/."),
        path("/path/ä", "/path/ä"), path("/path/?", "/path/"), path("/?/path/a", "/"),
        path("http://a/path/b", "/path/b"), path("HTTPS://a:1/path/b?c", "/path/b"),
        path("http://[::1]:80/path/b", "/path/b"),
        path("http://a", "/"), path("http://a?b", "/"), path("http://a:80", "/"), path("http://a/", "/"),
    ])
    func `Targets are taken apart and decoded once`(_ row: WireRow) { row.check() }

    @Test(arguments: [
        "hello", "*", "a:80", "ftp://a/hello", "http:///hello", "http://:80/hello", "http://u@a/hello",
        "http://a b/hello",
        "http://a:b/hello", "http://[::1/hello", "http://[]/hello", "http:/hello", "http", "//", "/hello#a",
        "/hello?a#b",
        "/hello%", "/hello%2", "/hello%zz", "/hello%00", "/hello%00.html", "/fields?a=%00",
    ])
    func `Targets that are doubtful are refused`(_ target: String) {
        let expected = target == "//" ? "404, open" : "400, closed"
        Self.line("GET \(target) HTTP/1.1", expected).check()
    }

    @Test func `Query parameters may be many, and each is found`() {
        let many = (0..<500).map { "p\($0)=\($0)" }.joined(separator: "&")
        Self.line("GET /fields?\(many)&%61=x%20y+z&a&=&&a=2 HTTP/1.1", "200 get - x y z 3, open").check()
        Self.line("GET /fields?a=%zz%1 HTTP/1.1", "200 get - %zz%1 1, open").check()
        Self.line("GET /fields?a==b HTTP/1.1", "200 get - =b 1, open").check()
    }

    @Test func `A line may have 8 KiB and no more`() {
        func row(_ count: Int, _ outcome: String) -> WireRow {
            let rest = count - "GET /path/ HTTP/1.1\r\n".utf8.count
            return WireRow("GET /path/\(String(repeating: "x", count: rest)) HTTP/1.1\r\nHost: a\r\n\r\n", outcome)
        }
        let limit = HeadLimits().line
        row(limit, "200 /path/\(String(repeating: "x", count: limit - 21)), open").check()
        row(limit + 1, "414, closed").check()
        row(limit + 5000, "414, closed").check()
        WireRow(bytes: [UInt8](repeating: 65, count: limit + 1), "414, closed").check()
        WireRow("HEAD /\(String(repeating: "x", count: limit)) HTTP/1.1\r\nHost: a\r\n\r\n", "414, closed").check()
    }
}
