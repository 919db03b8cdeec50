"""The documented nginx before a real server: what clients see through it is what the contract says."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import subprocess
import unittest
import urllib.request

from running import HOST, KEY, Mirror, Proxy, Running, free_port

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + os.urandom(300_000)


class Asking(http.client.HTTPConnection):
    """Requests over TLS on one connection, as many as are asked."""

    def __init__(self, proxy: Proxy):
        super().__init__(HOST, timeout=30)
        self.sock = proxy.connect()

    def connect(self) -> None:
        raise AssertionError("the proxy closed a connection that was to be kept")

    def ask(self, method: str, path: str, body=None, key: str | None = KEY, chunked: bool = False, **fields: str):
        headers = {name.replace("_", "-"): value for name, value in fields.items()} | ({"api-key": key} if key else {})
        self.request(method, path, body, headers, encode_chunked=chunked)
        answer = self.getresponse()
        answer.content = answer.read()
        return answer


def form(content: bytes) -> tuple[bytes, str]:
    head = b"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"
    return head + content + b"\r\n--edge--\r\n", "multipart/form-data; boundary=edge"


class NginxBeforeMartlet(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.running = Running()
        cls.addClassCleanup(cls.running.stop)
        cls.upstream = cls.running.martlet()
        cls.proxy = cls.running.nginx(cls.upstream)

    def setUp(self) -> None:
        self.client = Asking(self.proxy)
        self.addCleanup(self.client.close)

    def metric(self, name: str) -> int:
        text = urllib.request.urlopen(f"http://127.0.0.1:{self.upstream}/metrics").read().decode()
        return int(next(line for line in text.splitlines() if line.startswith(name + " ")).split()[1])

    def expect_error(self, answer, status: int) -> None:
        self.assertEqual(answer.status, status, answer.content[:200])
        self.assertEqual(answer.headers.get_content_type(), "application/json")
        error = json.loads(answer.content)
        self.assertEqual((error["result"], type(error["error_type"]), type(error["error_message"])), (False, str, str))

    def upload(self, content: bytes, **more):
        body, kind = form(content)
        return self.client.ask("POST", "/api/medias", iter([body]) if more.get("chunked") else body, Content_Type=kind, **more)

    def test_a_post_is_in_the_feed(self) -> None:
        posted = self.client.ask("POST", "/api/tweets", json.dumps({"tweet_data": "through the proxy"}))
        self.assertEqual(posted.status, 201, posted.content)
        feed = self.client.ask("GET", "/api/tweets?sort=newest")
        self.assertEqual(feed.status, 200)
        self.assertIn("through the proxy", [tweet["content"] for tweet in json.loads(feed.content)["tweets"]])
        self.assertGreater(int(feed.headers["Martlet-Position"]), 0)

    def test_an_upload_comes_back_whole_in_part_and_by_its_tag(self) -> None:
        uploaded = self.upload(PNG)
        self.assertEqual(uploaded.status, 201, uploaded.content)
        media = json.loads(uploaded.content)["media_id"]
        post = json.loads(self.client.ask("POST", "/api/tweets", json.dumps({"tweet_data": "a", "tweet_media_ids": [media]})).content)
        path = json.loads(self.client.ask("GET", f"/api/tweets/{post['tweet_id']}").content)["tweet"]["attachments"][0]
        whole = self.client.ask("GET", path, key=None)
        self.assertEqual((whole.status, whole.content == PNG, whole.headers["Content-Type"]), (200, True, "image/png"))
        part = self.client.ask("GET", path, key=None, Range="bytes=10-19")
        self.assertEqual((part.status, part.content), (206, PNG[10:20]))
        self.assertEqual(part.headers["Content-Range"], f"bytes 10-19/{len(PNG)}")
        self.assertEqual(self.client.ask("GET", path, key=None, Range=f"bytes={len(PNG)}-").status, 416)
        known = self.client.ask("GET", path, key=None, If_None_Match=whole.headers["ETag"])
        self.assertEqual((known.status, known.content), (304, b""))
        head = self.client.ask("HEAD", path, key=None)
        self.assertEqual((head.status, head.content, head.headers["Content-Length"]), (200, b"", str(len(PNG))))

    def test_an_upload_may_come_in_chunks(self) -> None:
        self.assertEqual(self.upload(PNG + b"1", chunked=True).status, 201)

    def test_an_upload_of_20_MB_is_taken_and_larger_ones_are_refused_in_one_form(self) -> None:
        self.assertEqual(self.upload(PNG + bytes((20 << 20) - len(PNG))).status, 201)
        self.expect_error(self.upload(PNG + bytes((20 << 20) + 1 - len(PNG))), 413)
        # Above nginx's own bound, which it tells from the head.
        client = Asking(self.proxy)
        self.addCleanup(client.close)
        client.putrequest("POST", "/api/medias")
        client.putheader("Content-Length", str(22 << 20))
        client.endheaders()
        answer = client.getresponse()
        answer.content = answer.read()
        self.expect_error(answer, 413)

    def test_errors_are_the_API_s_own(self) -> None:
        self.expect_error(self.client.ask("GET", "/api/nope"), 404)
        self.expect_error(self.client.ask("GET", "/api/tweets/"), 404)
        self.expect_error(self.client.ask("GET", "/api/tweets", key=None), 401)
        self.expect_error(self.client.ask("POST", "/api/tweets", "{"), 400)
        self.expect_error(self.client.ask("POST", "/api/tweets", "{}"), 422)
        refused = self.client.ask("PUT", "/api/tweets")
        self.expect_error(refused, 405)
        self.assertIn("GET", refused.headers["Allow"])

    def test_a_path_goes_on_as_it_came(self) -> None:
        self.assertEqual(self.client.ask("GET", "/api/users?handle=%61da").status, 200)

    def test_HEAD_has_no_body_and_the_connection_goes_on(self) -> None:
        for _ in range(3):
            head = self.client.ask("HEAD", "/api/tweets")
            self.assertEqual((head.status, head.content), (200, b""))
            self.assertEqual(self.client.ask("GET", "/api/tweets").status, 200)

    def test_connections_to_the_server_are_kept(self) -> None:
        self.client.ask("GET", "/api/tweets")
        before = self.metric("martlet_http_connections_total")
        for _ in range(50):
            self.assertEqual(self.client.ask("GET", "/api/tweets?limit=1").status, 200)
        # One is the question itself; a second may have been needed if the first was still busy.
        self.assertLessEqual(self.metric("martlet_http_connections_total") - before, 3)

    def test_large_answers_are_compressed_by_the_proxy(self) -> None:
        answer = self.client.ask("GET", "/openapi.json", Accept_Encoding="gzip")
        self.assertEqual((answer.status, answer.headers["Content-Encoding"]), (200, "gzip"))
        self.assertIn("openapi", json.loads(gzip.decompress(answer.content)))

    def test_what_is_malformed_does_not_reach_the_server(self) -> None:
        for lines in ["Content-Length: 5\r\nTransfer-Encoding: chunked", "Content-Length: 5\r\nContent-Length: 6", "X: a\r\n Content-Length: 5\r\n: b",
                      "X : a\r\nContent-Length: +5", "X: " + "a" * 40_000]:
            answered = self.metric("martlet_http_requests_total")
            with self.proxy.connect() as end:
                end.sendall(f"POST /api/tweets HTTP/1.1\r\nHost: {HOST}\r\n{lines}\r\n\r\nhello".encode())
                answer = http.client.HTTPResponse(end)
                answer.begin()
                answer.content = answer.read()
            self.expect_error(answer, 400)
            self.assertEqual(self.metric("martlet_http_requests_total") - answered, 1, lines[:60])

    def test_wrong_keys_are_counted_for_the_address_that_the_proxy_tells(self) -> None:
        def guess(address: str) -> int:
            return self.client.ask("GET", "/api/users/me", key=f"guess-{os.urandom(4).hex()}", X_Forwarded_For=address).status

        self.assertIn(429, [guess("203.0.113.9") for _ in range(200)])
        self.assertEqual(guess("203.0.113.10"), 401)

    def test_it_speaks_HTTP_2(self) -> None:
        command = ["curl", "--silent", "--http2", "--cacert", self.proxy.certificate, "--resolve", f"{HOST}:{self.proxy.tls}:127.0.0.1",
                   "-H", f"api-key: {KEY}", "--write-out", " %{http_version} %{http_code}"]
        url = f"https://{HOST}:{self.proxy.tls}"
        for more in (["/api/tweets"], ["/api/tweets", "--json", '{"tweet_data": "over HTTP/2"}']):
            told = subprocess.run([*command, url + more[0], *more[1:]], check=True, capture_output=True, text=True).stdout
            self.assertEqual(told.split()[-2:], ["2", "201" if "--json" in more else "200"], told)

    def test_plain_HTTP_is_sent_to_TLS(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.proxy.plain, timeout=30)
        self.addCleanup(connection.close)
        connection.request("GET", "/api/tweets?limit=1", headers={"Host": HOST})
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.headers["Location"]), (301, f"https://{HOST}/api/tweets?limit=1"))


class NginxAlone(unittest.TestCase):
    def setUp(self) -> None:
        self.running = Running()
        self.addCleanup(self.running.stop)

    def test_what_the_server_is_told(self) -> None:
        mirror = Mirror()
        self.addCleanup(mirror.server_close)
        self.addCleanup(mirror.shutdown)
        client = Asking(self.running.nginx(mirror.server_port))
        self.addCleanup(client.close)
        self.assertEqual(client.ask("GET", "/a%2Fb//c?d=%20", X_Forwarded_For="203.0.113.9").status, 204)
        line, fields = mirror.seen[0]
        self.assertEqual(line, "GET /a%2Fb//c?d=%20 HTTP/1.1")
        self.assertEqual((fields["X-Forwarded-For"], fields["Host"], fields["api-key"]), ("203.0.113.9, 127.0.0.1", HOST, KEY))
        self.assertNotIn("Connection", fields)

    def test_no_server_is_503_in_the_API_s_form(self) -> None:
        client = Asking(self.running.nginx(free_port()))
        self.addCleanup(client.close)
        answer = client.ask("GET", "/api/tweets")
        self.assertEqual((answer.status, answer.headers["Retry-After"], answer.headers.get_content_type()), (503, "5", "application/json"))
        self.assertEqual(json.loads(answer.content)["error_type"], "unavailable")


if __name__ == "__main__":
    unittest.main()
