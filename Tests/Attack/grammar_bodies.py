"""The grammar of framing: RFC 9112, sections 6, 7 and 9."""

from __future__ import annotations

from grammar_heads import BAD, get
from row import Row

TWEET = b'{"tweet_data": "swift"}'


def rows(key: str) -> list[Row]:
    mine = f"api-key: {key}"
    start = f"POST /api/tweets HTTP/1.1\r\nHost: martlet\r\n{mine}\r\n".encode()
    tail = f"{len(TWEET):x}".encode() + b"\r\n" + TWEET + b"\r\n0\r\n\r\n"
    whole = start + b"Content-Length: %d\r\n\r\n" % len(TWEET) + TWEET

    asking = whole.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n", 1)

    def length(value: str) -> bytes:
        return start + f"Content-Length: {value}\r\n\r\n".encode() + TWEET

    def encoded(value: str, body: bytes = tail, version: bytes = b"HTTP/1.1") -> bytes:
        return start.replace(b"HTTP/1.1", version) + f"Transfer-Encoding: {value}\r\n\r\n".encode("latin-1") + body

    def chunks(body: bytes, on: bytes = start) -> bytes:
        return on + b"Transfer-Encoding: chunked\r\n\r\n" + body

    def endless(line: bytes) -> list[Row]:
        """A chunk line that does not end, wherever it goes: it must be refused, not waited for."""
        paths = {
            "/healthz": b"POST /healthz HTTP/1.1\r\nHost: martlet\r\n", "a tweet without a key": start.replace(mine.encode() + b"\r\n", b""),
            "a tweet": start, "an upload": start.replace(b"tweets", b"medias") + b"Content-Type: multipart/form-data; boundary=x\r\n",
            "no path of ours": b"POST /nope HTTP/1.1\r\nHost: martlet\r\n",
        }
        shown = line[:4].decode()
        return [Row(f"a chunk line {shown}... of {len(line)} bytes to {name}", chunks(line, on), [{400, 401, 404, 405, 413, 431}], "closed")
                for name, on in paths.items()]

    return [
        *(Row(f"Content-Length: {value or '(empty)'}", length(value), BAD, "closed") for value in [
            "23, 23", "23,23", "+23", "-1", "-0", "0x17", "", "18446744073709551616", "18446744073709551639", "23 23", "2e1", "23.0", "'23'",
            "twenty", "23;", "\u0662"]),
        Row("a length beyond all files", length("1000000000000000000"), [{400, 413}], "closed"),
        Row("two equal lengths", start + b"Content-Length: 23\r\nContent-Length: 23\r\n\r\n" + TWEET, BAD, "closed"),
        Row("two different lengths", start + b"Content-Length: 23\r\nContent-Length: 3\r\n\r\n" + TWEET, BAD, "closed"),
        Row("a length and chunks", start + b"Content-Length: 23\r\nTransfer-Encoding: chunked\r\n\r\n" + tail, BAD, "closed"),
        Row("chunks and a length", start + b"Transfer-Encoding: chunked\r\nContent-Length: 23\r\n\r\n" + tail, BAD, "closed"),
        *(Row(f"Transfer-Encoding: {value!r}", encoded(value), [{400, 501}], "closed") for value in [
            "gzip, chunked", "chunked, chunked", "chunked, gzip", "identity", "xchunked", "chunkedx", "", "\x0bchunked", "chunked;q=1", "\"chunked\""]),
        Row("two Transfer-Encodings", start + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + tail, [{400, 501}], "closed"),
        Row("Transfer-Encoding with HTTP/1.0", encoded("chunked", version=b"HTTP/1.0"), BAD, "closed"),
        *endless(b"1;" + b"a" * 100_000), *endless(b"0" * 40_000), *endless(b"1;" + b"a=b;" * 25_000), *endless(b"1" + b" " * 40_000),
        *(Row(f"chunks: {name}", chunks(body), BAD, "closed") for name, body in [
            ("no number", b"zz\r\n" + tail), ("0x", b"0x17\r\n" + TWEET + b"\r\n0\r\n\r\n"), ("a sign", b"+17\r\n" + TWEET + b"\r\n0\r\n\r\n"),
            ("a negative size", b"-1\r\n" + tail), ("a blank before the size", b" " + tail), ("an empty line", b"\r\n" + tail),
            ("LF alone after the size", tail.replace(b"\r\n", b"\n", 1)), ("LF alone after the data", tail.replace(TWEET + b"\r\n", TWEET + b"\n")),
            ("data longer than the size", b"5\r\n" + TWEET + b"\r\n0\r\n\r\n"), ("data shorter than the size", b"18\r\n" + TWEET + b"\r\n0\r\n\r\n"),
            ("no CRLF after the data", b"17\r\n" + TWEET + b"0\r\n\r\n"), ("LF in an extension", b"17;a\nb\r\n" + TWEET + b"\r\n0\r\n\r\n"),
            ("CR in an extension", b"17;a\rb\r\n" + TWEET + b"\r\n0\r\n\r\n"), ("a trailer that is no field", tail[:-2] + b"nothing\r\n\r\n"),
            ("a trailer without a name", tail[:-2] + b": x\r\n\r\n"), ("a folded trailer", tail[:-2] + b"X: a\r\n b\r\n\r\n"),
            ("LF alone in a trailer", tail[:-2] + b"X: a\n\r\n"), ("NUL in a trailer", tail[:-2] + b"X: a\0\r\n\r\n"),
        ]),
        # A server may wait for what can never come, within its deadline; this client ends instead.
        *(Row(f"a chunk of {size} bytes", chunks(size.encode() + b"\r\n" + TWEET), [{400, 413}], "closed", finish=True, may_be_silent=True)
          for size in ["ffffffffffffffff", "10000000000000017", "7fffffffffffffff", "f" * 40]),
        Row("trailers of 100,000 bytes", chunks(tail[:-2] + b"X: " + b"a" * 100_000), [{400, 413, 431}], "closed"),
        Row("20,000 trailers", chunks(tail[:-2] + b"X: a\r\n" * 20_000), [{400, 413, 431}], "closed"),
        *(Row(f"chunks: {name}", chunks(body), [{201}]) for name, body in [
            ("one", tail), ("one for each byte", b"".join(b"1\r\n%c\r\n" % byte for byte in TWEET) + b"0\r\n\r\n"),
            ("a size in capitals with zeros before it", tail.replace(b"17", b"00017")), ("an extension", tail.replace(b"17", b"17;a=b")),
            ("a quoted extension", tail.replace(b"17", b'17;a="b;c"')), ("an extension without a value", tail.replace(b"17", b"17;a")),
            ("a trailer", tail[:-2] + b"X-Sum: 1\r\n\r\n"),
        ]),
        Row("chunks: a trailer that names a length", chunks(tail[:-2] + b"Content-Length: 5\r\n\r\n"), [{201, 400}], None),
        Row("Transfer-Encoding has no case", encoded("CHUNKED"), [{201}]),
        Row("white space after Transfer-Encoding", encoded("chunked \t"), [{201}]),
        Row("white space around a length", length(" 23 \t"), [{201}]),
        Row("a length with zeros before it", length("0023"), [{201, 400}], None),
        Row("a body that nobody wants", b"GET /healthz HTTP/1.1\r\nHost: martlet\r\nContent-Length: 5\r\n\r\nhello", [{200}]),
        Row("a body that is a request", b"POST /nope HTTP/1.1\r\nHost: martlet\r\nContent-Length: %d\r\n\r\n" % len(get()) + get(), [{404, 405}]),
        Row("a body that is too large", start + b"Content-Length: 2000000\r\n\r\n" + bytes(2_000_000), [{413}], None),
        Row("chunks that are too large", chunks(b"".join(b"8000\r\n" + bytes(32768) + b"\r\n" for _ in range(64)) + b"0\r\n\r\n"), [{413}], None),
        Row("100-continue", asking, [{100}, {201}], pause_at=asking.index(TWEET)),
        Row("100-continue without a key", b"POST /api/tweets HTTP/1.1\r\nHost: martlet\r\nExpect: 100-continue\r\nContent-Length: 23\r\n\r\n", [{401}], None),
        Row("an Expect that nobody knows", whole.replace(b"\r\n\r\n", b"\r\nExpect: cake\r\n\r\n", 1), [{201, 417}], None),
        Row("a coding of the body that nobody knows", whole.replace(b"\r\n\r\n", b"\r\nContent-Encoding: br\r\n\r\n", 1), [{415}], None),
        Row("two requests at once", get() + get(), [{200}, {200}]),
        Row("200 requests at once", get() * 200, [{200}] * 200),
        Row("a request behind a write", whole + get(), [{201}, {200}]),
        Row("nothing is read after an error", get("/healthz", "X : a") + get(), BAD, "closed"),
        Row("Connection: close", get("/healthz", "Connection: close") + get(), [{200}], "closed"),
        Row("Connection: Close among others", get("/healthz", "Connection: X, Close"), [{200}], "closed"),
        Row("HTTP/1.0 without a Host", get(version="HTTP/1.0", host=""), [{200}], "closed"),
        Row("HTTP/1.0 that keeps alive", get("/healthz", "Connection: keep-alive", version="HTTP/1.0"), [{200}], None),
        Row("an end with the last bytes", get(), [{200}], "closed", finish=True),
        Row("an end with the last bytes of a write", whole, [{201}], "closed", finish=True),
        Row("an end after a half line", b"GET /heal", [{400}], "closed", finish=True, may_be_silent=True),
        Row("an end within a body", whole[:-5], [{400}], "closed", finish=True, may_be_silent=True),
        Row("an end within chunks", chunks(tail[:-7]), [{400}], "closed", finish=True, may_be_silent=True),
        Row("an end before the last CRLF of chunks", chunks(tail[:-2]), [{400}], "closed", finish=True, may_be_silent=True),
    ]
