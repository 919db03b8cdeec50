"""The grammar of heads: RFC 9112, sections 2, 3 and 5, and RFC 9110, section 5."""

from __future__ import annotations

from row import Row

BAD = [{400}]


def get(path: str = "/healthz", *lines: str, version: str = "HTTP/1.1", host: str = "Host: martlet", method: str = "GET") -> bytes:
    """A request without a body; the characters of its lines are bytes."""
    return "".join(line + "\r\n" for line in (f"{method} {path} {version}", *([host] if host else []), *lines, "")).encode("latin-1")


def rows(key: str) -> list[Row]:
    mine = f"api-key: {key}"
    post = f"POST /api/tweets HTTP/1.1\r\nHost: martlet\r\n{mine}\r\n".encode()
    return [
        # Lines and fields that two readers could take for different things.
        *(Row(name, request, BAD, "closed") for name, request in [
            ("LF alone ends every line", get().replace(b"\r\n", b"\n")),
            ("LF alone ends the request line", get().replace(b"\r\n", b"\n", 1)),
            ("LF alone ends a field line", get("/healthz", "X: a\nY: b")),
            ("LF alone ends the head", get()[:-2] + b"\n"),
            ("CR alone ends a line", get("/healthz", "X: a\rY: b")),
            ("CR inside of a value", get("/healthz", "X: a\rb")),
            ("CR CR LF", get("/healthz", "X: a\r")),
            ("NUL inside of a value", get("/healthz", "X: a\0b")),
            ("NUL inside of a name", get("/healthz", "X\0Y: b")),
            ("NUL ends the key", get("/api/users/me", f"{mine}\0x")),
            ("no name before the colon", get("/healthz", ": x")),
            ("no colon", get("/healthz", "colonless")),
            ("a blank before the colon", get("/healthz", "X : a")),
            ("a tab before the colon", get("/healthz", "X\t: a")),
            ("a blank in a name", get("/healthz", "X Y: a")),
            ("a parenthesis in a name", get("/healthz", "X(: a")),
            ("a byte above 127 in a name", get("/healthz", "X\u00e4: a")),
            ("a vertical tab in a name", get("/healthz", "X\x0b: a")),
            ("a folded value", get("/healthz", "X: a", " b")),
            ("a value folded by a tab", get("/healthz", "X: a", "\tb")),
            ("a folded empty value", get("/healthz", "X:", " b")),
            ("a folded line of blanks", get("/healthz", "X: a", "  ")),
            ("the first field line begins with a blank", get("/healthz", host=" Host: martlet")),
            ("a folded Content-Length", post + b"Content-Length:\r\n 23\r\n\r\n{\"tweet_data\": \"folded\"}"),
            ("a Content-Length whose name is folded", post + b"Content: 18\r\n -Length\r\n\r\n"),
            ("an api-key whose name is folded", get("/api/users/me", "api: " + key, " -key")),
            ("no Host", get(host="")),
            ("two Hosts", get("/healthz", "Host: martlet")),
            ("two different Hosts", get("/healthz", "Host: other")),
            ("a Host with a blank", get(host="Host: mart let")),
            ("a Host with a path", get(host="Host: martlet/x")),
        ]),
        # Request lines.
        *(Row(name, request, BAD, "closed") for name, request in [
            ("a tab in the request line", b"GET\t/healthz HTTP/1.1\r\nHost: martlet\r\n\r\n"),
            ("a tab before the version", b"GET /healthz\tHTTP/1.1\r\nHost: martlet\r\n\r\n"),
            ("two blanks in the request line", b"GET  /healthz HTTP/1.1\r\nHost: martlet\r\n\r\n"),
            ("a blank at the end of the request line", b"GET /healthz HTTP/1.1 \r\nHost: martlet\r\n\r\n"),
            ("a blank in the target", get("/health z")),
            ("a request line without a version", b"GET /healthz\r\nHost: martlet\r\n\r\n"),
            ("a request line of one word", b"GET\r\nHost: martlet\r\n\r\n"),
            ("a target without a slash", get("healthz")),
            ("an asterisk for GET", get("*")),
            ("NUL in the target", get("/healthz\0")),
            ("NUL in the target, encoded", get("/healthz%00")),
            ("a control byte in the target", get("/healthz\x7f")),
            ("a method with a colon", get(method="GE:T")),
            ("TLS on this port", bytes.fromhex("16030100c8010000c40303") + bytes(40) + b"\r\n\r\n"),
        ]),
        Row("a lower case version", get(version="http/1.1"), [{400, 505}], "closed"),
        Row("a version of two digits", get(version="HTTP/1.10"), [{400, 505}], "closed"),
        Row("HTTP/2.0", get(version="HTTP/2.0"), [{505}], "closed"),
        Row("HTTP/3", get(version="HTTP/3"), [{400, 505}], "closed"),
        Row("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [{400, 505}], "closed"),
        Row("a lower case method", get(method="get"), [{400, 405, 501}], None),
        Row("a method that nobody knows", get(method="BREW"), [{405, 501}], None),
        Row("CONNECT", get("martlet:80", method="CONNECT"), [{400, 405, 501}], None),
        # No framing is in doubt in these, so the connection may go on.
        Row("two api-key", get("/api/users/me", mine, "api-key: other"), BAD, None),
        Row("one api-key twice", get("/api/users/me", mine, mine), BAD, None),
        Row("a byte above 127 in the target", get("/healthz\u00e4"), [{400, 404}], None),
        # Sizes.
        Row("a target of 40,000 bytes", get("/healthz?" + "a" * 40_000), [{414}], "closed"),
        Row("a target without end", b"GET /" + b"a" * 300_000, [{414}], "closed"),
        Row("a field line of 70,000 bytes", get("/healthz", "X: " + "a" * 70_000), [{431}], "closed"),
        Row("a field line without end", get()[:-2] + b"X: " + b"a" * 300_000, [{431}], "closed"),
        Row("20,000 field lines", get("/healthz", *["X: a"] * 20_000), [{431}], "closed"),
        Row("a name of 40,000 bytes", get("/healthz", "X" * 40_000 + ": a"), [{431}], "closed"),
        Row("500 query parameters", get("/api/tweets?" + "&".join(f"p{n}={n}" for n in range(500)), mine), [{200, 400, 422}]),
        # What must be taken.
        *(Row(name, request, [{200}]) for name, request in [
            ("white space around a key", get("/api/users/me", f"api-key: \t {key} \t ")),
            ("no white space before a key", get("/api/users/me", f"api-key:{key}")),
            ("the name of a field has no case", get("/api/users/me", f"API-kEY: {key}")),
            ("an empty value", get("/healthz", "X:")),
            ("a value of blanks", get("/healthz", "X:   ")),
            ("bytes above 127 in a value", get("/healthz", "X: \u00e4\u00ff")),
            ("a tab inside of a value", get("/healthz", "X: a\tb")),
            ("every character that a name may have", get("/healthz", "!#$%&'*+-.^_`|~09azAZ: a")),
            ("an empty Host", get(host="Host:")),
            ("a Host with a port", get(host="Host: [::1]:8080")),
            ("an absolute target", get("http://martlet/healthz")),
            ("an absolute target with a query", get("http://martlet:80/healthz?a=b")),
            ("a percent-encoded path", get("/%68ealthz")),
            ("an empty line before the request line", b"\r\n" + get()),
            ("a query without a name", get("/healthz?&&=&a")),
        ]),
        Row("OPTIONS *", get("*", method="OPTIONS"), [{200, 204}]),
        Row("OPTIONS of a path", get("/api/tweets", method="OPTIONS"), [{204}], field="Allow"),
        Row("a trailing slash is another path", get("/api/tweets/", mine), [{404}]),
        Row("HEAD has no body", get("/api/tweets", mine, method="HEAD"), [{200}], method="HEAD", field="Content-Length"),
        Row("HEAD of what is not there", get("/api/nope", mine, method="HEAD"), [{404}], method="HEAD"),
    ]
