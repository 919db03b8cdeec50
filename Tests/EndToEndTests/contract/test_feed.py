import re

import pytest
import requests

from shapes import TWEET, check, page


def ids(answer):
    return [tweet["id"] for tweet in answer["tweets"]]


@pytest.fixture
def liked(ada, new_account):
    """Seven tweets of the caller with 0, 2, 1, 2, 0, 1 and 3 likes; their ids."""
    friends = [new_account() for _ in range(3)]
    tweets = [ada.publish(f"Tweet {number}") for number in range(7)]
    for tweet, count in zip(tweets, (0, 2, 1, 2, 0, 1, 3)):
        for friend in friends[:count]:
            friend.post(f"/api/tweets/{tweet}/likes")
    return tweets


def by_popularity(tweets):
    return [tweets[index] for index in (6, 3, 1, 5, 2, 4, 0)]


def test_the_feed_holds_ones_own_tweets_and_those_of_accounts_one_follows(ada, brook, new_account):
    stranger = new_account()
    own, followed, _ = ada.publish(), brook.publish(), stranger.publish()
    assert ids(ada.get("/api/tweets")) == [own]
    ada.post(f"/api/users/{brook.id}/follow")
    assert ids(ada.get("/api/tweets")) == [followed, own]
    assert ids(ada.get("/api/tweets?sort=newest")) == [followed, own]
    assert ids(brook.get("/api/tweets")) == [followed]
    ada.delete(f"/api/users/{brook.id}/follow")
    assert ids(ada.get("/api/tweets")) == [own]


def test_the_most_liked_come_first_and_the_newest_among_equals(ada, liked):
    answer = ada.get("/api/tweets")
    assert check(answer, page("tweets", TWEET))
    assert ids(answer) == ids(ada.get("/api/tweets?sort=popular")) == by_popularity(liked)
    assert ids(ada.get("/api/tweets?sort=newest")) == liked[::-1]


def test_the_offset_is_the_number_of_the_page(ada, liked):
    order = by_popularity(liked)
    assert ids(ada.get("/api/tweets?offset=1&limit=3")) == order[:3]
    assert ids(ada.get("/api/tweets?offset=2&limit=3")) == order[3:6]
    assert ids(ada.get("/api/tweets?offset=3&limit=3")) == order[6:]
    assert ids(ada.get("/api/tweets?offset=4&limit=3")) == []
    assert ids(ada.get("/api/tweets?offset=9007199254740991&limit=1000")) == []
    assert ids(ada.get("/api/tweets?limit=2")) == order[:2]
    assert ids(ada.get("/api/tweets?offset=2")) == []
    assert ids(ada.get("/api/tweets?sort=newest&offset=2&limit=3")) == liked[::-1][3:6]


def test_without_a_limit_a_page_holds_a_hundred(ada):
    tweets = [ada.publish(str(number)) for number in range(101)]
    answer = ada.get("/api/tweets?likes=0")
    assert ids(answer) == tweets[:0:-1]
    assert answer["next_cursor"] is not None
    assert ids(ada.get("/api/tweets?offset=2")) == tweets[:1]
    assert ids(ada.get("/api/tweets?limit=1000")) == tweets[::-1]


@pytest.mark.parametrize("sort", ["popular", "newest"])
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
def test_cursors_lead_through_the_feed_once(ada, liked, sort, limit):
    order = by_popularity(liked) if sort == "popular" else liked[::-1]
    assert [tweet["id"] for tweet in ada.all_pages(f"/api/tweets?sort={sort}", "tweets", limit)] == order


def test_a_page_number_also_gives_a_cursor(ada, liked):
    answer = ada.get("/api/tweets?offset=2&limit=2")
    cursor = requests.utils.quote(answer["next_cursor"], safe="")
    assert ids(ada.get(f"/api/tweets?limit=2&cursor={cursor}")) == by_popularity(liked)[4:6]


@pytest.mark.parametrize("sort", ["popular", "newest"])
def test_what_changes_meanwhile_neither_repeats_nor_hides_what_stays(ada, brook, liked, sort):
    order = by_popularity(liked) if sort == "popular" else liked[::-1]
    page = ada.get(f"/api/tweets?sort={sort}&limit=2")
    seen = ids(page)
    ada.publish("published meanwhile")
    ada.delete(f"/api/tweets/{order[0]}")
    if sort == "popular":
        for _ in range(2):
            brook.post(f"/api/tweets/{order[1]}/likes")
    while page["next_cursor"]:
        cursor = requests.utils.quote(page["next_cursor"], safe="")
        page = ada.get(f"/api/tweets?sort={sort}&limit=2&cursor={cursor}")
        seen += ids(page)
    assert [id for id in seen if id in liked] == order


def test_the_link_header_leads_to_the_next_page(ada, liked):
    seen, path = [], "/api/tweets?sort=newest&limit=3&likes=1"
    for _ in range(3):
        answer = ada.ask("GET", path)
        seen += ids(answer.json())
        link = re.fullmatch(r'<(/api/tweets\?[^>]+)>; rel="next"', answer.headers.get("Link", ""))
        assert (link is None) == (answer.json()["next_cursor"] is None)
        path = link and link[1]
    assert path is None and seen == liked[::-1]


@pytest.mark.parametrize("query", [
    "limit=0", "limit=-1", "limit=1001", "limit=x", "limit=", "limit=1.5", "limit=99999999999999999999",
    "offset=0", "offset=-1", "offset=x", "offset=9007199254740992", "sort=oldest", "sort=", "cursor=", "cursor=x",
    "cursor=" + "A" * 513, "limit=1&limit=2", "sort=newest&sort=popular",
])
def test_a_bad_parameter_is_refused(ada, query):
    ada.get(f"/api/tweets?{query}", 422)


def test_a_cursor_is_for_its_own_list_and_excludes_a_page_number(ada, liked):
    cursor = requests.utils.quote(ada.get("/api/tweets?limit=2")["next_cursor"], safe="")
    ada.get(f"/api/tweets?cursor={cursor}&offset=1", 422)
    ada.get(f"/api/tweets?cursor={cursor}&sort=newest", 422)
    ada.get(f"/api/users/{ada.id}/followers?cursor={cursor}", 422)


def test_parameters_that_are_not_known_are_ignored(ada, liked):
    assert ids(ada.get("/api/tweets?limit=2&_=123&page=9")) == by_popularity(liked)[:2]


@pytest.mark.parametrize("path", [
    "/api/tweets/{tweet}/likes", "/api/tweets/{tweet}/replies", "/api/users/{ada}/tweets",
    "/api/users/{ada}/followers", "/api/users/{ada}/following",
])
def test_every_list_knows_the_same_bounds(ada, path):
    path = path.format(tweet=ada.publish(), ada=ada.id)
    ada.get(path + "?limit=1000")
    for query in ("limit=0", "limit=1001", "limit=x", "cursor=x"):
        ada.get(f"{path}?{query}", 422)


def test_an_accounts_tweets_are_listed_newest_first(ada, brook, liked):
    whole = brook.get(f"/api/users/{ada.id}/tweets")
    assert check(whole, page("tweets", TWEET)) and ids(whole) == liked[::-1]
    assert brook.all_pages(f"/api/users/{ada.id}/tweets", "tweets", 2) == whole["tweets"]
