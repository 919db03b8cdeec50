"""Facts that a schema cannot state, told to schemathesis so that it tests behind them instead of stumbling over them.

Cases that are meant to be refused keep what they are to be refused for (see `fit`).
"""

import itertools
import os
import re
import time

import requests
import schemathesis
from hypothesis import strategies

URL = os.environ["MARTLET_URL"].rstrip("/")
ADMIN_KEY = os.environ["MARTLET_ADMIN_KEY"]
LARGEST = 2**53 - 1
# The smallest GIF there is: one transparent pixel.
GIF = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b"
)

run = f"{time.time_ns():x}"
numbers = itertools.count(1)


def ask(method, path, key="test", **more):
    response = requests.request(method, URL + path, headers={"api-key": key}, timeout=10, **more)
    if not response.ok:
        raise SystemExit(f"{method} {path} answered {response.status_code}: {response.text[:500]}")
    return response


class Known:
    """What is there before the first case: the caller, somebody to follow, and a file that can be fetched."""

    def __init__(self):
        self.caller = ask("GET", "/api/users/me").json()["user"]
        account = {"handle": f"s{run}"[:30], "name": "Somebody"}
        self.somebody = ask("POST", "/admin/accounts", ADMIN_KEY, json=account).json()["account"]
        media = ask("POST", "/api/medias", files={"file": ("dot.gif", GIF)}).json()["media_id"]
        tweet = {"tweet_data": "A dot.", "tweet_media_ids": [media]}
        answer = ask("POST", "/api/tweets", json=tweet)
        self.tweet = answer.json()["tweet_id"]
        shown = ask("GET", f"/api/tweets/{self.tweet}").json()["tweet"]
        self.file = shown["attachments"][0].removeprefix("/media/")
        self.position = int(answer.headers["Martlet-Position"])
        self.cursors = set()


known = Known()


def listing(case):
    """The list that a cursor belongs to."""
    order = (case.query or {}).get("sort", "popular")
    return (case.operation.path, str((case.path_parameters or {}).get("id")), order)


# Random bytes are no picture. Bytes after the end of a GIF are ignored, and make each file another one.
for kind in ("image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4"):
    schemathesis.openapi.media_type(kind, strategies.binary(max_size=64).map(lambda tail: GIF + tail))


@schemathesis.hook
def before_call(context, case, kwargs):
    acceptable = case.meta is not None and case.meta.generation.mode.is_positive
    fit(case, acceptable)
    # Without this, schemathesis would judge anew whether the case is one to be refused, and get it wrong for headers
    # (a removed api-key) and for files.
    case._sync_validated_hashes()


def readable(value):
    """Whether no name has U+0000 and each number fits 64 bits, which a schema cannot state for all depths."""
    if isinstance(value, dict):
        return all("\0" not in name and readable(member) for name, member in value.items())
    if isinstance(value, list):
        return all(map(readable, value))
    return not isinstance(value, int) or -(2**63) <= value < 2**63


def fit(case, acceptable):
    headers = case.headers or {}
    wait = str(headers.get("Martlet-Wait", ""))
    # A position that the log has not reached is answered with 503 after a wait, rightly: ask for one it has.
    if re.fullmatch(r"[0-9]{1,16}", wait) and known.position < int(wait) <= LARGEST:
        headers["Martlet-Wait"] = str(known.position)
    # The same key for another request is refused, rightly: make each key one of its own, as clients do.
    key = str(headers.get("Idempotency-Key", ""))
    if re.fullmatch(r"[!-~]{1,255}", key):
        headers["Idempotency-Key"] = f"{run}.{next(numbers)}.{key}"[:255]
    path, query = case.operation.path, case.query or {}
    # A cursor is one that the same list gave, and excludes a page number. A schema can state neither, and a cursor
    # that is refused hides whether anything else is.
    cursor = query.get("cursor")
    if isinstance(cursor, str) and 1 <= len(cursor) <= 512:
        if "offset" in query or (listing(case), cursor) not in known.cursors:
            del query["cursor"]
    if not acceptable:
        return

    # Fields that the server does not know are ignored, but must be such as its reader of JSON takes.
    if isinstance(case.body, dict):
        for name in [name for name, value in case.body.items() if not readable({name: value})]:
            del case.body[name]
    # Nobody follows themselves.
    parameters = case.path_parameters or {}
    if path == "/api/users/{id}/follow" and str(parameters.get("id")) == str(known.caller["id"]):
        parameters["id"] = known.somebody["id"]
    # Ids and names that nobody can guess: three times in four, some that are there.
    if path == "/api/tweets" and isinstance(case.body, dict) and next(numbers) % 4:
        case.body["tweet_media_ids"] = []
        if case.body.get("reply_to") is not None:
            case.body["reply_to"] = known.tweet
    if path == "/media/{file}" and next(numbers) % 4:
        parameters["file"] = known.file
    if path == "/api/users" and next(numbers) % 4:
        query["handle"] = known.somebody["handle"]


@schemathesis.hook
def after_call(context, case, response):
    position = response.headers.get("martlet-position", ["0"])[0]
    if position.isdigit():
        known.position = max(known.position, int(position))
    if response.status_code == 200 and b"next_cursor" in response.content:
        cursor = response.json().get("next_cursor")
        if cursor is not None:
            known.cursors.add((listing(case), cursor))


@schemathesis.hook
def filter_failure(context, failure, case, response):
    # DELETE .../likes takes the caller's own like back; the list of likes at the same path stays, rightly.
    likes = case.operation.path == "/api/tweets/{id}/likes" and case.operation.method.lower() == "get"
    freed = getattr(failure, "free", "") or ""
    return not (likes and type(failure).__name__ == "UseAfterFree" and freed.endswith("/likes"))
