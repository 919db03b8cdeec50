"""What browsers and their caches ask of a server. CORS itself is off here: see CrossOriginTests."""

import base64
import hashlib
import http.client
import re
from urllib.parse import urlsplit

import pytest

from conftest import URL

DOCUMENTS = ["/openapi.json", "/docs"]


@pytest.mark.parametrize("path, allowed", [
    ("/api/tweets", {"GET", "HEAD", "POST"}), ("/api/tweets/1", {"GET", "HEAD", "DELETE"}), ("/api/medias", {"POST"}),
    ("/api/users/me", {"GET", "HEAD", "PATCH"}), ("/admin/accounts", {"POST"}), ("/healthz", {"GET", "HEAD"}),
    ("/docs", {"GET", "HEAD"}), ("/", {"GET", "HEAD"}), ("/media/x", {"GET", "HEAD"}),
])
def test_options_tells_the_methods_of_a_path_without_a_key(path, allowed):
    # Not through ask(): an answer without a body has no type.
    connection = http.client.HTTPConnection(urlsplit(URL).netloc, timeout=30)
    connection.request("OPTIONS", path, headers={"Origin": "https://a.example", "Access-Control-Request-Method": "GET"})
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (204, b"")
    assert set(answer.headers["Allow"].split(", ")) == allowed | {"OPTIONS"}
    assert answer.headers["Martlet-Position"].isdecimal()
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    # The same connection goes on.
    connection.request("OPTIONS", "/api/nothing")
    assert connection.getresponse().status == 404
    connection.close()


def test_options_of_the_server_tells_all_methods():
    connection = http.client.HTTPConnection(urlsplit(URL).netloc, timeout=30)
    connection.request("OPTIONS", "*")
    answer = connection.getresponse()
    assert answer.status == 204
    assert {"GET", "POST", "DELETE", "OPTIONS"} <= set(answer.headers["Allow"].split(", "))
    connection.close()


@pytest.mark.parametrize("path, meant", [
    ("/api/tweets/", "/api/tweets"), ("/api//tweets", "/api/tweets"), ("/api/Tweets", "/api/tweets"),
    ("/api/tweets/1/likes/", "/api/tweets/1/likes"), ("/healthz/", "/healthz"), ("/docs/", "/docs"),
])
def test_a_path_that_is_nearly_right_is_not_found_and_the_message_names_the_right_one(ada, path, meant):
    for method in ("GET", "POST"):
        answer = ada.ask(method, path, 404).json()
        assert re.search(rf"{re.escape(meant)}(,|$)", answer["error_message"]), answer


@pytest.mark.parametrize("method, path, body, status", [
    ("GET", "/api/tweets", None, 200), ("GET", "/api/users/me", None, 200), ("GET", "/api/nothing", None, 404),
    ("PUT", "/api/tweets", None, 405), ("POST", "/api/tweets", "{", 400), ("POST", "/api/tweets", "{}", 422),
    ("GET", "/healthz", None, 200), ("POST", "/api/tweets", '{"tweet_data": "x"}', 201),
])
def test_json_is_not_kept_and_not_taken_for_anything_else(ada, method, path, body, status):
    answer = ada.ask(method, path, status, data=body)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "identity, gzip"])
def test_a_compressed_body_is_refused_with_what_is_accepted(ada, coding):
    answer = ada.ask("POST", "/api/tweets", 415, data='{"tweet_data": "x"}', headers={"Content-Encoding": coding})
    assert answer.headers["Accept-Encoding"] == "identity"
    assert answer.json()["error_type"] == "unsupported_content_encoding"
    ada.post("/api/tweets", 201, data='{"tweet_data": "x"}', headers={"Content-Encoding": "identity"})


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_document_is_compressed_for_who_accepts_it_and_sent_once(anyone, path):
    plain = anyone.ask("GET", path, headers={"Accept-Encoding": "identity"})
    packed = anyone.ask("GET", path, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    assert plain.content == packed.content  # requests has unpacked the second
    assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 2
    for answer, coding in ((plain, "identity"), (packed, "gzip")):
        assert answer.headers["Vary"] == "Accept-Encoding"
        tag = answer.headers["ETag"]
        for tags in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            again = anyone.ask("GET", path, 304, headers={"Accept-Encoding": coding, "If-None-Match": tags})
            assert again.content == b"" and again.headers["ETag"] == tag
        anyone.ask("GET", path, headers={"Accept-Encoding": coding, "If-None-Match": '"x"'})
    assert plain.headers["ETag"] != packed.headers["ETag"]
    anyone.ask("GET", path, 406, headers={"Accept-Encoding": "*;q=0"})


def test_the_page_runs_its_own_script_and_style_and_nothing_else(anyone):
    answer = anyone.ask("GET", "/docs")
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    for tag in ("script", "style"):
        text = re.fullmatch(rf"(?s).*?<{tag}>(.*?)</{tag}>.*", answer.text)[1]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert policy[f"{tag}-src"] == f"'sha256-{digest}'"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/api/tweets", "/healthz", "/api/nothing"])
def test_head_has_the_header_of_get(ada, path):
    get = ada.session.get(URL + path, headers={"api-key": ada.key})
    head = ada.session.head(URL + path, headers={"api-key": ada.key})
    assert head.status_code == get.status_code and head.content == b""
    assert {**head.headers, "Date": ""} == {**get.headers, "Date": ""}
