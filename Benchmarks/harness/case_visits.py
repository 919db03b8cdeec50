"""Newest feeds of readers who follow 1000: of those who come back after 20 new posts, and of cold ones."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from .bench import Stage, describe
from .loads import Request, feed_target, request, write
from .martlet import Martlet, get
from .processes import Failure, usage
from .rows import MARTLET, Row
from .senders import parse_visits
from .survey import Account

FOLLOWING = 1000
NEW_POSTS = 20
"""How many posts by authors whom he follows a reader finds when he comes back, in the mean."""
AUTHORS = 64
CASES = ("returning readers", "cold readers")
VARIANT = f"newest, likes=0, following {FOLLOWING}"


def run(stage: Stage, martlet: Martlet) -> None:
    """Measures both."""
    for case in CASES:
        try:
            stage.begin(case)
            readers = stage.survey.readers.get(FOLLOWING)
            if not readers:
                raise Failure(f"nobody follows about {FOLLOWING} accounts")
            _visits(stage, martlet, case, readers)
        except Failure as failure:
            stage.miss(case, MARTLET, failure)


def _visits(stage: Stage, martlet: Martlet, case: str, readers: Sequence[Account]) -> None:
    followed = [_followed(martlet, reader) for reader in readers]
    visits: list[Request] = [(0, request("GET", feed_target("newest", 0), reader.key)) for reader in readers]
    if case == "returning readers":
        authors, share = common(stage.survey.accounts, followed)
        between = posts(authors)
        count = max(1, round(NEW_POSTS / share))
        note = (f"{count} posts between two visits, {count * share:.0f} of them by authors whom a reader follows, "
                "in the mean")
    else:
        between = changes(readers, stage.survey.accounts, followed)
        count = len(readers)
        note = "each reader follows or unfollows somebody between two visits, so that nothing kept of the feed is of use"
    path = write(stage.requests / "visits", visits + between)
    seconds = 2 * stage.bench.plan.closed
    text = stage.bench.senders.visits(martlet.port, martlet.pids[0], seconds, count, path)
    sent, cpu = parse_visits(text)
    row = stage.row(case, MARTLET, variant=VARIANT, connections=len(readers), rate=sent.rate, cpu_us=cpu,
                    p50=sent.p50, p99=sent.p99, p999=sent.p999, errors=sent.errors, histogram=sent.histogram,
                    sender_cores=sent.sender_cpu / sent.seconds, rss_anon=usage(martlet.pids).rss_anon)
    row.note = f"all readers ask at once; the visits alone are measured; {note}"
    stage.bench.progress.result(describe(row))


def _followed(martlet: Martlet, reader: Account) -> set[int]:
    """The accounts that a reader follows, of all pages."""
    target = f"/api/users/{reader.id}/following?limit=1000"
    found: set[int] = set()
    cursor = ""
    while True:
        page = json.loads(get(martlet.port, target + cursor, reader.key)[0])
        found |= {user["id"] for user in page["users"]}
        if not page["next_cursor"]:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def common(accounts: Sequence[Account], followed: Sequence[set[int]]) -> tuple[list[Account], float]:
    """The accounts that most of the readers follow, and which share of the readers follows one of them in the mean."""
    counts = Counter({account: sum(account.id in one for one in followed) for account in set(accounts)})
    picked = sorted(counts, key=lambda account: (-counts[account], account.id))[:AUTHORS]
    share = sum(counts[account] for account in picked) / (len(picked) * len(followed))
    if not share:
        raise Failure("the readers follow none of the accounts of the survey")
    return picked, share


def posts(authors: Sequence[Account], rounds: int = 50) -> list[Request]:
    """Posts by these authors in turn."""
    return [(1, request("POST", "/api/tweets", author.key,
                        {"tweet_data": f"new in round {number}", "tweet_media_ids": []}))
            for number in range(rounds) for author in authors]


def changes(readers: Sequence[Account], accounts: Sequence[Account], followed: Sequence[set[int]]) -> list[Request]:
    """Each reader follows an account that he does not follow yet; then each unfollows it again."""
    targets = [next(account.id for account in accounts if account.id not in known and account.id != reader.id)
               for reader, known in zip(readers, followed)]
    return [(1, request(method, f"/api/users/{target}/follow", reader.key))
            for method in ("POST", "DELETE") for reader, target in zip(readers, targets)]


def rows_of_peer(stage: Stage, subject: str) -> list[Row]:
    """A row for each case of a peer to which new posts make no difference."""
    readers = stage.survey.readers.get(FOLLOWING, [])
    return [Row(case, subject, stage.data.name, stage.data.size, VARIANT, len(readers)) for case in CASES if readers]
