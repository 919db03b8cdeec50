import http.client
import json
import os
import pathlib
import re
from urllib.parse import urlsplit

import pytest

from conftest import URL

DESCRIPTION = pathlib.Path(__file__).parents[3] / "Sources/APIDocuments/openapi.json"
WEB_ROOT = os.environ.get("MARTLET_WEB_ROOT")

METHODS = {
    "/api/tweets": {"GET", "POST"}, "/api/tweets/1": {"GET", "DELETE"}, "/api/tweets/1/likes": {"GET", "POST", "DELETE"},
    "/api/tweets/1/replies": {"GET"}, "/api/tweets/1/medias/1": {"PUT"}, "/api/medias": {"POST"}, "/api/users": {"GET"},
    "/api/users/me": {"GET", "PATCH"}, "/api/users/1": {"GET"}, "/api/users/1/follow": {"POST", "DELETE"},
    "/api/users/1/tweets": {"GET"}, "/api/users/1/followers": {"GET"}, "/api/users/1/following": {"GET"},
    "/admin/accounts": {"POST"}, "/healthz": {"GET"}, "/readyz": {"GET"}, "/metrics": {"GET"},
    "/openapi.json": {"GET"}, "/docs": {"GET"}, "/media/" + "0" * 64 + ".png": {"GET"},
}


@pytest.mark.parametrize("path", METHODS)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"])
def test_a_method_that_a_path_does_not_have_is_refused_with_those_it_has(admin, method, path):
    if method not in METHODS[path]:
        allowed = admin.ask(method, path, 405).headers["Allow"]
        assert {name.strip() for name in allowed.split(",")} - {"HEAD", "OPTIONS"} == METHODS[path]


@pytest.mark.parametrize("path", [
    "/api", "/api/", "/api/nope", "/api/tweets/1/nope", "/api/tweets/1/likes/2", "/api/users/1/follow/",
    "/api/medias/1", "/api//tweets", "/api/Tweets", "/api/users/me/tweets/1", "/api/index.html",
])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_path_under_api_is_not_found_and_the_answer_is_json(ada, method, path):
    ada.ask(method, path, 404)


def test_a_connection_goes_on_after_every_error(ada):
    connection = http.client.HTTPConnection(urlsplit(URL).netloc, timeout=30)
    key = {"api-key": ada.key}
    socket = None
    for method, path, body, headers, status in [
        ("GET", "/api/tweets", None, {}, 401), ("GET", "/api/nope", None, key, 404), ("PATCH", "/api/tweets", b"{}", key, 405),
        ("POST", "/api/tweets", b"{", key, 400), ("POST", "/api/tweets", b"{}", key, 422), ("GET", "/api/tweets/x", None, key, 400),
        ("DELETE", "/api/tweets/9007199254740991", None, key, 404), ("POST", "/api/nope", b"x" * 1000, key, 404),
        ("POST", "/api/tweets", b'{"tweet_data": "x"}', {}, 401), ("POST", f"/api/users/{ada.id}/follow", None, key, 400),
        ("POST", "/api/medias", b"x", key, 422), ("POST", "/api/tweets", b'{"tweet_data": "x"}', key, 201), ("GET", "/api/tweets", None, key, 200),
    ]:
        connection.request(method, path, body, headers)
        socket = socket or connection.sock
        answer = connection.getresponse()
        content = json.loads(answer.read())
        assert (answer.status, content["result"]) == (status, status < 400), f"{method} {path}: {content}"
        assert connection.sock is socket, f"the connection ended after {method} {path}, {status}"
    connection.close()


def test_a_body_may_come_in_chunks(ada):
    def parts():
        yield b'{"tweet_data":'
        yield b' "in parts"}'

    answer = ada.post("/api/tweets", 201, data=parts())
    assert ada.tweet(answer["tweet_id"])["content"] == "in parts"


def test_a_body_that_is_too_large_is_refused(ada):
    body = b'{"tweet_data": "' + b"x" * (2 << 20) + b'"}'
    ada.post("/api/tweets", 413, data=body)
    assert ada.get("/api/tweets")["tweets"] == []


def test_the_name_of_the_key_header_has_no_case(ada, anyone):
    for name in ("api-key", "Api-Key", "API-KEY"):
        anyone.get("/api/users/me", headers={name: ada.key})


def test_the_server_says_that_it_is_alive_and_ready(anyone):
    assert anyone.get("/healthz") == {"result": True}
    assert anyone.get("/readyz") == {"result": True}


def test_metrics_are_prometheus_text(anyone):
    answer = anyone.ask("GET", "/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain")
    lines = answer.text.splitlines()
    assert lines and answer.text.endswith("\n")
    for line in lines:
        assert re.fullmatch(r'(# (HELP|TYPE) [a-zA-Z_:][\w:]* .+|[a-zA-Z_:][\w:]*(\{[^{}]*\})? [-+]?[0-9.eE+-]+|[a-zA-Z_:][\w:]*(\{.*\})? ([+-]Inf|NaN)|)', line), line


def test_the_description_is_the_one_in_the_sources(anyone):
    answer = anyone.ask("GET", "/openapi.json")
    assert answer.headers["Content-Type"].split(";")[0] == "application/json"
    assert answer.json() == json.loads(DESCRIPTION.read_text())


def test_the_page_that_shows_the_description_needs_nothing_from_outside(anyone):
    answer = anyone.ask("GET", "/docs")
    assert answer.headers["Content-Type"].split(";")[0] == "text/html"
    assert not re.search(r'(src|href)="(https?:)?//|@import|url\(', answer.text)


@pytest.mark.skipif(not WEB_ROOT, reason="MARTLET_WEB_ROOT is not set")
class TestWebRoot:
    index = property(lambda self: (pathlib.Path(WEB_ROOT) / "index.html").read_bytes())

    @pytest.mark.parametrize("path", ["/", "/login", "/profile/3", "/?x=1", "/login?next=%2F"])
    def test_the_page_answers_its_own_paths(self, anyone, path):
        answer = anyone.ask("GET", path)
        assert answer.content == self.index
        assert answer.headers["Content-Type"].split(";")[0] == "text/html"

    def test_its_files_are_served(self, anyone):
        kinds = {".js": "javascript", ".css": "css", ".ico": "icon"}
        files = [file for file in pathlib.Path(WEB_ROOT).rglob("*") if file.suffix in kinds]
        assert files
        for file in files:
            answer = anyone.ask("GET", "/" + file.relative_to(WEB_ROOT).as_posix())
            assert answer.content == file.read_bytes()
            assert kinds[file.suffix] in answer.headers["Content-Type"]

    @pytest.mark.parametrize("path", [
        "/api/nope", "/media/nope", "/api", "/media/", "/js/nope.js", "/css/nope.css", "/js/../../etc/passwd",
        "/js/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd", "/js/", "/nope",
    ])
    def test_nothing_else_falls_through_to_the_page(self, admin, path):
        connection = http.client.HTTPConnection(urlsplit(URL).netloc, timeout=30)
        connection.request("GET", path, headers={"api-key": admin.key})
        answer = connection.getresponse()
        assert answer.status in (400, 404)
        assert self.index not in answer.read()
        connection.close()
