"""An outside client's view of a running server, written from the contract and from nothing else.

Environment:

MARTLET_URL        where the server is; it has an account with the key `test` and no limit on the rate of requests
MARTLET_ADMIN_KEY  an administrator's key; the tests make the accounts they need with it
MARTLET_WEB_ROOT   the directory given to --web-root; without it the tests of its files are skipped
MARTLET_RESTART    a shell command that ends the server, starts it again and returns when it is ready; without it
                   the tests that need a restart are skipped
MARTLET_MEDIA_LIMIT  how many bytes a file may have; without it the test of that limit is skipped
"""

import itertools
import os
import time

import pytest
import requests

from shapes import ERROR, check

URL = os.environ.get("MARTLET_URL", "").rstrip("/")
ADMIN_KEY = os.environ.get("MARTLET_ADMIN_KEY", "")
numbers = itertools.count(1)


def pytest_configure(config):
    if not URL or not ADMIN_KEY:
        raise pytest.UsageError("set MARTLET_URL and MARTLET_ADMIN_KEY (see conftest.py)")


class Client:
    """Somebody with a key. Every answer is checked for what every answer has."""

    def __init__(self, key, id=None, name=None, handle=None):
        self.key, self.id, self.name, self.handle = key, id, name, handle
        self.session = requests.Session()
        self.session.trust_env = False

    def ask(self, method, path, status=200, headers=None, **more):
        headers = {**({"api-key": self.key} if self.key is not None else {}), **(headers or {})}
        answer = self.session.request(
            method, URL + path, headers=headers, timeout=60, allow_redirects=False, **more
        )
        where = f"{method} {path} answered {answer.status_code}: {answer.text[:300]}"
        assert answer.status_code == status, where
        assert answer.headers["Martlet-Position"].isdecimal(), where
        if path.startswith(("/api", "/admin")):
            assert answer.headers["Content-Type"].split(";")[0] == "application/json", where
            assert status < 400 or check(answer.json(), ERROR), where
        if status in (429, 503):
            assert answer.headers["Retry-After"].isdecimal(), where
        return answer

    def get(self, path, status=200, **more):
        return self.ask("GET", path, status, **more).json()

    def post(self, path, status=200, **more):
        return self.ask("POST", path, status, **more).json()

    def put(self, path, status=200, **more):
        return self.ask("PUT", path, status, **more).json()

    def patch(self, path, status=200, **more):
        return self.ask("PATCH", path, status, **more).json()

    def delete(self, path, status=200, **more):
        return self.ask("DELETE", path, status, **more).json()

    def publish(self, text="A tweet.", **fields):
        return self.post("/api/tweets", 201, json={"tweet_data": text, **fields})["tweet_id"]

    def upload(self, content, name="file"):
        return self.post("/api/medias", 201, files={"file": (name, content)})["media_id"]

    def tweet(self, id, likes=None):
        return self.get(f"/api/tweets/{id}" + (f"?likes={likes}" if likes is not None else ""))["tweet"]

    def position(self):
        return int(self.ask("GET", "/api/users/me").headers["Martlet-Position"])

    def all_pages(self, path, field, limit):
        """Every item of a list, by the cursors that the answers give."""
        items, cursor, mark = [], "", "&" if "?" in path else "?"
        for _ in range(1000):
            page = self.get(f"{path}{mark}limit={limit}{cursor}")
            assert len(page[field]) <= limit
            items += page[field]
            if page["next_cursor"] is None:
                return items
            assert len(page[field]) == limit
            cursor = "&cursor=" + requests.utils.quote(page["next_cursor"], safe="")
        raise AssertionError(f"{path} does not end")


@pytest.fixture(scope="session")
def anyone():
    """Somebody without a key."""
    return Client(None)


@pytest.fixture(scope="session")
def admin():
    return Client(ADMIN_KEY)


@pytest.fixture(scope="session")
def first():
    """The account that the front end starts with."""
    client = Client("test")
    me = client.get("/api/users/me")["user"]
    client.id, client.name, client.handle = me["id"], me["name"], me["handle"]
    return client


@pytest.fixture
def new_account(admin):
    def make(name=None):
        handle = f"c{time.time_ns():x}.{next(numbers)}"[:30]
        account = admin.post("/admin/accounts", 201, json={"handle": handle, "name": name or f"Client {handle}"})["account"]
        return Client(account["key"], account["id"], account["name"], account["handle"])

    return make


@pytest.fixture
def ada(new_account):
    return new_account()


@pytest.fixture
def brook(new_account):
    return new_account()
