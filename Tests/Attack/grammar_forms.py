"""Forms as real clients write them: RFC 7578 and RFC 2046, section 5.1."""

from __future__ import annotations

import base64

from row import Row

# The smallest picture that there is: one transparent dot.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
NAMED = b'Content-Disposition: form-data; name="file"; filename="dot.png"'


def part(*lines: bytes, content: bytes = PNG) -> bytes:
    """A part between two delimiters."""
    return b"\r\n".join(lines or [NAMED]) + b"\r\n\r\n" + content


def form(*parts: bytes, boundary: bytes = b"xYzZY", before: bytes = b"", after: bytes = b"\r\n", padding: bytes = b"") -> bytes:
    """A whole body."""
    delimiter = b"--" + boundary
    body = before + b"".join(delimiter + padding + b"\r\n" + each + b"\r\n" for each in parts or [part()])
    return body + delimiter + b"--" + padding + after


def rows(key: str) -> list[Row]:
    def post(body: bytes, kind: bytes = b"multipart/form-data; boundary=xYzZY") -> bytes:
        return (f"POST /api/medias HTTP/1.1\r\nHost: martlet\r\napi-key: {key}\r\nContent-Length: {len(body)}\r\n".encode()
                + b"Content-Type: " + kind + b"\r\n\r\n" + body)

    def disposition(value: bytes) -> bytes:
        return post(form(part(b"Content-Disposition: " + value)))

    delimiter_like = part(content=PNG + b"\r\n--xYzZ\r\n--xYzzY\r\n-\r\n--" + b"\r\n" * 40 + b"--xYzZ")
    legal = [
        ("as browsers write it", post(form(part(NAMED, b"Content-Type: image/png")))),
        ("an unquoted name (.NET, akka)", disposition(b"form-data; name=file; filename=dot.png")),
        ("no blank after the semicolon", disposition(b'form-data;name="file";filename="dot.png"')),
        ("blanks around the semicolons", disposition(b'form-data ; name="file" ; filename="dot.png" ')),
        ("the name after the file's name", disposition(b'form-data; filename="dot.png"; name="file"')),
        ("a file's name with name= in it", disposition(b'form-data; filename="a; name=x"; name="file"')),
        ("quotes within quotes before the name", disposition(b'form-data; filename="a\\"b; name=\\"x"; name="file"')),
        ("filename*", disposition(b"form-data; name=\"file\"; filename*=UTF-8''d%c3%b6t.png")),
        ("filename* before filename", disposition(b"form-data; name=\"file\"; filename*=UTF-8''d.png; filename=\"d.png\"")),
        ("no file name", disposition(b'form-data; name="file"')),
        ("capitals", disposition(b'Form-Data; NAME="file"; FileName="dot.png"')),
        ("a field name in capitals", post(form(part(NAMED.replace(b"Content-Disposition", b"CONTENT-DISPOSITION"))))),
        ("a length in the part", post(form(part(NAMED, b"Content-Length: %d" % len(PNG))))),
        ("other fields first", post(form(part(b"X-Note: a; name=x", NAMED)))),
        ("a parameter after the boundary (Apache, Spring)", post(form(), b"multipart/form-data; boundary=xYzZY; charset=utf-8")),
        ("a parameter before the boundary", post(form(), b"multipart/form-data; charset=utf-8; boundary=xYzZY")),
        ("a parameter with a boundary in it", post(form(), b'multipart/form-data; note="; boundary=no"; boundary=xYzZY')),
        ("a quoted boundary", post(form(), b'multipart/form-data; boundary="xYzZY"')),
        ("a quoted boundary with blanks", post(form(boundary=b"x Y:z"), b'multipart/form-data; boundary="x Y:z"')),
        ("Boundary in capitals", post(form(), b"Multipart/Form-Data; Boundary=xYzZY")),
        ("no blank before the boundary", post(form(), b"multipart/form-data;boundary=xYzZY")),
        ("a boundary of one character", post(form(boundary=b"x"), b"multipart/form-data; boundary=x")),
        ("a boundary of 70 characters", post(form(boundary=b"b" * 70), b"multipart/form-data; boundary=" + b"b" * 70)),
        ("nothing after the last boundary", post(form(after=b""))),
        ("text after the last boundary", post(form(after=b"\r\nThis is the epilogue.\r\n"))),
        ("empty lines after the last boundary", post(form(after=b"\r\n\r\n\r\n"))),
        ("text before the first boundary", post(form(before=b"This is the preamble.\r\n"))),
        ("an empty line before the first boundary", post(form(before=b"\r\n"))),
        ("padding after the boundaries", post(form(padding=b" \t "))),
        ("other parts around the file", post(form(part(b'Content-Disposition: form-data; name="a"', content=b"1"), part(),
                                                  part(b'Content-Disposition: form-data; name="b"', content=b"")))),
        ("lines like a boundary in the file", post(form(delimiter_like))),
    ]
    body = form()
    return [
        *(Row(f"form: {name}", request, [{201}]) for name, request in legal),
        *(Row(f"form: {name}", request, [statuses], None) for name, request, statuses in [
            ("no boundary", post(body, b"multipart/form-data"), {400, 415, 422}),
            ("an empty boundary", post(body, b'multipart/form-data; boundary=""'), {400, 415, 422}),
            ("a boundary of 71 characters", post(form(boundary=b"b" * 71), b"multipart/form-data; boundary=" + b"b" * 71), {400, 415, 422}),
            ("another type", post(body, b"application/json"), {400, 415, 422}),
            ("no type", post(body).replace(b"Content-Type: multipart/form-data; boundary=xYzZY\r\n", b""), {400, 415, 422}),
            ("another boundary in the body", post(form(boundary=b"other")), {400, 422}),
            ("no end", post(body[:-9]), {400, 422}),
            ("an end within a part's head", post(b"--xYzZY\r\nContent-Dispo"), {400, 422}),
            ("no file in it", post(form(part(b'Content-Disposition: form-data; name="a"', content=b"1"))), {422}),
            ("no parts", post(b"--xYzZY--\r\n"), {400, 422}),
            ("nothing", post(b""), {400, 422}),
            ("an empty file", post(form(part(content=b""))), {422}),
            ("two files", post(form(part(), part())), {400, 422}),
            ("a file of no known kind", post(form(part(content=b"MZ" + bytes(100)))), {415}),
            ("a part's head without end", post(b"--xYzZY\r\nX: " + b"a" * 500_000), {400, 413, 422, 431}),
            ("20,000 lines in a part's head", post(form(part(*[b"X: a"] * 20_000, NAMED))), {400, 413, 422, 431}),
            ("20,000 parts", post(form(*[part(b'Content-Disposition: form-data; name="a"', content=b"1")] * 20_000)), {400, 413, 422}),
            ("500,000 dashes", post(b"-" * 500_000), {400, 413, 422}),
            ("500,000 beginnings of a boundary", post(b"\r\n--xYzZ" * 62_500), {400, 413, 422}),
        ]),
        *(Row(f"form: {name}, cut at byte {at}", request, [{201}], pause_at=len(request) - len(body) + at)
          for name, request, at in [("a boundary", post(body), 5), ("a part's head", post(body), 40), ("the last boundary", post(body), len(body) - 6)]),
    ]
