import pytest

from shapes import DONE, LIKE, TWEET, check, page

IDS = ["0", "-1", "abc", "1.5", "1e3", "9007199254740992", "99999999999999999999999999", "%20", "1%002"]
CALLS = [
    ("GET", "/api/tweets/{}"), ("DELETE", "/api/tweets/{}"), ("GET", "/api/tweets/{}/likes"),
    ("POST", "/api/tweets/{}/likes"), ("DELETE", "/api/tweets/{}/likes"), ("GET", "/api/tweets/{}/replies"),
    ("GET", "/api/users/{}"), ("POST", "/api/users/{}/follow"), ("DELETE", "/api/users/{}/follow"),
    ("GET", "/api/users/{}/tweets"), ("GET", "/api/users/{}/followers"), ("GET", "/api/users/{}/following"),
    ("PUT", "/api/tweets/{}/medias/1"),
]


def test_a_tweet_is_there_as_soon_as_it_is_acknowledged(ada):
    answer = ada.post("/api/tweets", 201, json={"tweet_data": "Swifts!", "tweet_media_ids": []})
    assert check(answer, {"result": True, "tweet_id": int})
    shown = ada.get(f"/api/tweets/{answer['tweet_id']}")
    assert check(shown, {"result": True, "tweet": TWEET})
    assert {**shown["tweet"], "created_at": None} == {
        "id": answer["tweet_id"], "content": "Swifts!", "attachments": [], "author": {"id": ada.id, "name": ada.name},
        "likes": [], "created_at": None, "likes_count": 0, "liked": False, "reply_to": None,
    }
    assert ada.get("/api/tweets")["tweets"] == [shown["tweet"]]
    assert ada.get(f"/api/users/{ada.id}/tweets")["tweets"] == [shown["tweet"]]


@pytest.mark.parametrize("fields", [
    {}, {"tweet_media_ids": None}, {"tweet_media_ids": [], "reply_to": None}, {"something": {"else": [1]}},
])
def test_media_and_reply_may_be_absent_or_null_and_other_fields_are_ignored(ada, fields):
    ada.post("/api/tweets", 201, json={"tweet_data": "x", **fields})


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "text/plain", "application/x-www-form-urlencoded"])
def test_the_declared_type_of_a_body_does_not_matter(ada, kind):
    ada.post("/api/tweets", 201, data=b'{"tweet_data": "x"}', headers={"Content-Type": kind})


@pytest.mark.parametrize("text", [
    "x", "x" * 1000, "é" * 1000, "🐦" * 1000, "e\u0301" * 500, " \n x \t", 'quote " back \\ slash /', "\u2028</script>",
    "line\r\nbreak", "\u0001\u001f\u007f", "nul \u0000 nul", "👩‍👩‍👧‍👦", "שלום", "\ufffe\uffff", "\U0010ffff",
])
def test_a_text_comes_back_as_it_was_sent(ada, text):
    assert ada.tweet(ada.publish(text))["content"] == text


@pytest.mark.parametrize("text", [
    "", " ", "\t\n\r", "\u00a0\u2003\u3000", "\u2028\u0085", "x" * 1001, "🐦" * 1001, "e\u0301" * 501, None, 1, True, ["x"],
])
def test_a_text_that_is_missing_blank_or_too_long_is_refused(ada, text):
    before = ada.position()
    ada.post("/api/tweets", 422, json={"tweet_data": text})
    assert ada.position() == before


@pytest.mark.parametrize("body", [
    b"{}", b"[]", b'"x"', b"null", b"1", b'{"tweet_data2": "x"}',
    b'{"tweet_data": "x", "tweet_media_ids": "1"}', b'{"tweet_data": "x", "tweet_media_ids": 1}',
    b'{"tweet_data": "x", "tweet_media_ids": ["1"]}', b'{"tweet_data": "x", "tweet_media_ids": [true]}',
    b'{"tweet_data": "x", "tweet_media_ids": [1.5]}', b'{"tweet_data": "x", "tweet_media_ids": [null]}',
    b'{"tweet_data": "x", "tweet_media_ids": [1, 1]}', b'{"tweet_data": "x", "tweet_media_ids": {}}',
    b'{"tweet_data": "x", "tweet_media_ids": [1,2,3,4,5,6,7,8,9,10,11]}',
    b'{"tweet_data": "x", "reply_to": "1"}', b'{"tweet_data": "x", "reply_to": 1.5}',
    b'{"tweet_data": "x", "reply_to": false}', b'{"tweet_data": "x", "reply_to": []}',
])
def test_fields_that_are_missing_or_of_the_wrong_type_are_refused(ada, body):
    ada.post("/api/tweets", 422, data=body)


@pytest.mark.parametrize("body", [
    b"", b"{", b'{"tweet_data": "x"', b'{"tweet_data": "x"} x', b"tweet_data=x", b"{'tweet_data': 'x'}",
    b'{"tweet_data": "\xff"}', b'{"tweet_data": NaN}', b"\x00", b'{"tweet_data": "a\nb"}', b"[" * 15000,
])
def test_a_body_that_is_no_json_is_refused(ada, body):
    ada.post("/api/tweets", 400, data=body)


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize("method, path", CALLS)
def test_an_id_that_is_no_positive_integer_is_refused(ada, method, path, id):
    ada.ask(method, path.format(id), 400)


@pytest.mark.parametrize("method, path", CALLS)
def test_an_unknown_id_is_not_found(ada, method, path):
    ada.ask(method, path.format(2**53 - 1), 404)


def test_a_reply_names_its_tweet_and_is_listed_there(ada, brook):
    tweet = ada.publish()
    replies = [brook.publish(f"Reply {number}", reply_to=tweet) for number in range(5)]
    assert ada.tweet(replies[0])["reply_to"] == tweet
    whole = ada.get(f"/api/tweets/{tweet}/replies")
    assert check(whole, page("tweets", TWEET))
    assert [reply["id"] for reply in whole["tweets"]] == replies[::-1]
    assert ada.all_pages(f"/api/tweets/{tweet}/replies", "tweets", 2) == whole["tweets"]
    assert ada.get(f"/api/tweets/{replies[0]}/replies")["tweets"] == []


@pytest.mark.parametrize("what", [2**53 - 1, "account"])
def test_a_reply_to_no_tweet_is_refused(ada, what):
    ada.post("/api/tweets", 404, json={"tweet_data": "x", "reply_to": ada.id if what == "account" else what})


def test_deleting_removes_the_tweet_and_its_likes_but_no_account(ada, brook):
    tweet = ada.publish()
    reply = brook.publish(reply_to=tweet)
    brook.post(f"/api/tweets/{tweet}/likes")
    assert ada.delete(f"/api/tweets/{tweet}") == DONE
    for path in ("", "/likes", "/replies"):
        ada.get(f"/api/tweets/{tweet}{path}", 404)
    ada.post(f"/api/tweets/{tweet}/likes", 404)
    ada.delete(f"/api/tweets/{tweet}/likes", 404)
    ada.delete(f"/api/tweets/{tweet}", 404)
    assert ada.get("/api/tweets")["tweets"] == []
    assert brook.get("/api/users/me")["user"]["id"] == brook.id
    assert brook.tweet(reply)["id"] == reply


def test_nobody_deletes_anothers_tweet(ada, brook):
    tweet = ada.publish()
    brook.delete(f"/api/tweets/{tweet}", 403)
    assert ada.tweet(tweet)["id"] == tweet


def test_a_like_shows_to_all_and_as_ones_own_to_its_giver(ada, brook):
    tweet = ada.publish()
    assert brook.post(f"/api/tweets/{tweet}/likes") == DONE
    to_ada, to_brook = ada.tweet(tweet), brook.tweet(tweet)
    assert to_ada["likes"] == to_brook["likes"] == [{"user_id": brook.id, "name": brook.name}]
    assert (to_ada["likes_count"], to_ada["liked"], to_brook["liked"]) == (1, False, True)
    assert brook.delete(f"/api/tweets/{tweet}/likes") == DONE
    assert (brook.tweet(tweet)["likes"], brook.tweet(tweet)["likes_count"], brook.tweet(tweet)["liked"]) == ([], 0, False)


def test_liking_twice_is_one_event(ada):
    tweet = ada.publish()
    ada.delete(f"/api/tweets/{tweet}/likes")
    before = ada.position()
    ada.post(f"/api/tweets/{tweet}/likes")
    ada.post(f"/api/tweets/{tweet}/likes")
    assert ada.position() == before + 1
    assert (ada.tweet(tweet)["likes_count"], ada.tweet(tweet)["liked"]) == (1, True)
    ada.delete(f"/api/tweets/{tweet}/likes")
    ada.delete(f"/api/tweets/{tweet}/likes")
    assert ada.position() == before + 2
    assert ada.tweet(tweet)["likes_count"] == 0


def test_likes_hold_the_callers_own_first_then_the_newest(ada, new_account):
    tweet, givers = ada.publish(), [new_account() for _ in range(5)]
    for giver in givers:
        giver.post(f"/api/tweets/{tweet}/likes")
    newest_first = [giver.id for giver in reversed(givers)]
    middle = givers[2]
    own_first = [middle.id] + [id for id in newest_first if id != middle.id]

    def ids(client, likes=None):
        return [like["user_id"] for like in client.tweet(tweet, likes)["likes"]]

    assert ids(ada) == newest_first and ids(middle) == own_first
    assert ids(ada, 2) == newest_first[:2] and ids(middle, 2) == own_first[:2]
    assert ids(ada, 0) == [] and ada.tweet(tweet, 0)["likes_count"] == 5 and middle.tweet(tweet, 0)["liked"]
    assert ids(ada, 2**53 - 1) == newest_first
    for path in ("/api/tweets?likes=2", f"/api/users/{ada.id}/tweets?likes=2"):
        assert [like["user_id"] for like in ada.get(path)["tweets"][0]["likes"]] == newest_first[:2]
    whole = middle.get(f"/api/tweets/{tweet}/likes")
    assert check(whole, page("likes", LIKE))
    assert [like["user_id"] for like in whole["likes"]] == newest_first
    assert middle.all_pages(f"/api/tweets/{tweet}/likes", "likes", 2) == whole["likes"]


@pytest.mark.parametrize("likes", ["-1", "x", "", "1.5", "9007199254740992"])
def test_a_bad_number_of_likes_is_refused(ada, likes):
    tweet = ada.publish()
    for path in ("/api/tweets", f"/api/tweets/{tweet}", f"/api/users/{ada.id}/tweets", f"/api/tweets/{tweet}/replies"):
        ada.get(f"{path}?likes={likes}", 422)
