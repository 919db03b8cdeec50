"""Pins on one's profile: at most five of one's own tweets, first on the first page of one's list."""

import pytest

from shapes import DONE, TWEET, check

PINNED = TWEET | {"pinned": True}


def profile(client, author, limit=100):
    """An author's list over all its pages: ids, and those that are marked as pinned."""
    tweets = client.all_pages(f"/api/users/{author.id}/tweets", "tweets", limit)
    for tweet in tweets:
        check(tweet, PINNED if "pinned" in tweet else TWEET)
    return [tweet["id"] for tweet in tweets], [tweet["id"] for tweet in tweets if "pinned" in tweet]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 100])
def test_pins_come_first_and_once(ada, brook, limit):
    posts = [ada.publish(f"tweet {number}") for number in range(7)]
    for index in (2, 5, 0):
        check(ada.post(f"/api/tweets/{posts[index]}/pin"), DONE)
    expected = [posts[index] for index in (0, 5, 2, 6, 4, 3, 1)]
    assert profile(brook, ada, limit) == (expected, expected[:3])


def test_a_pin_is_taken_back_and_twice_is_already_so(ada):
    posts = [ada.publish() for _ in range(3)]
    ada.post(f"/api/tweets/{posts[0]}/pin")
    before = ada.position()
    check(ada.post(f"/api/tweets/{posts[0]}/pin"), DONE)
    assert ada.position() == before
    for _ in range(2):
        check(ada.delete(f"/api/tweets/{posts[0]}/pin"), DONE)
    assert profile(ada, ada) == (posts[::-1], [])


def test_the_sixth_pin_is_refused_until_there_is_room(ada):
    posts = [ada.publish() for _ in range(6)]
    for post in posts[:5]:
        ada.post(f"/api/tweets/{post}/pin")
    assert ada.post(f"/api/tweets/{posts[5]}/pin", 409)["error_type"] == "too_many_pins"
    ada.delete(f"/api/tweets/{posts[1]}")
    ada.post(f"/api/tweets/{posts[5]}/pin")
    assert profile(ada, ada)[1] == [posts[index] for index in (5, 4, 3, 2, 0)]


def test_only_ones_own_tweet_is_pinned(ada, brook):
    post = ada.publish()
    brook.post(f"/api/tweets/{post}/pin", 403)
    brook.delete(f"/api/tweets/{post}/pin", 403)
    ada.post("/api/tweets/9007199254740991/pin", 404)
    ada.post("/api/tweets/none/pin", 400)
