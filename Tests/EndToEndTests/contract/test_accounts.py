import pytest

from conftest import Client
from shapes import DONE, PERSON, USER, check, page

ACCOUNT = {"id": int, "handle": str, "name": str, "role": str, "key": str}

CALLS = [
    ("GET", "/api/tweets"), ("POST", "/api/tweets"), ("GET", "/api/tweets/1"), ("DELETE", "/api/tweets/1"),
    ("GET", "/api/tweets/1/likes"), ("POST", "/api/tweets/1/likes"), ("DELETE", "/api/tweets/1/likes"),
    ("GET", "/api/tweets/1/replies"), ("PUT", "/api/tweets/1/medias/1"), ("POST", "/api/medias"),
    ("GET", "/api/users?handle=x"), ("GET", "/api/users/me"), ("PATCH", "/api/users/me"), ("GET", "/api/users/1"),
    ("POST", "/api/users/1/follow"), ("DELETE", "/api/users/1/follow"), ("GET", "/api/users/1/tweets"),
    ("GET", "/api/users/1/followers"), ("GET", "/api/users/1/following"), ("POST", "/admin/accounts"),
    ("GET", "/admin/projectors"), ("POST", "/admin/replay"),
]


@pytest.mark.parametrize("method, path", CALLS)
@pytest.mark.parametrize("key", [None, "", "no-such-key"])
def test_a_missing_empty_or_unknown_key_is_refused(method, path, key):
    Client(key).ask(method, path, 401)


def test_the_front_end_finds_the_account_with_the_key_test(first):
    answer = first.get("/api/users/me")
    assert check(answer, {"result": True, "user": USER})
    assert first.get(f"/api/users/{first.id}") == answer


def test_an_administrator_makes_an_account(admin, ada):
    assert ada.get("/api/users/me")["user"]["id"] == ada.id
    body = {"handle": ada.handle + "X", "name": "  Xenia  ", "key": "key-of-" + ada.handle, "role": "member", "more": 1}
    answer = admin.post("/admin/accounts", 201, json=body)
    assert check(answer, {"result": True, "account": ACCOUNT})
    account = answer["account"]
    assert (account["handle"], account["name"]) == ((ada.handle + "x").lower(), "Xenia")
    assert (account["key"], account["role"]) == (body["key"], "member")
    assert Client(account["key"]).get("/api/users/me")["user"]["name"] == "Xenia"


def test_an_administrator_can_make_another(admin, ada):
    body = {"handle": ada.handle + "a", "name": "Second", "role": "admin", "key": None}
    second = Client(admin.post("/admin/accounts", 201, json=body)["account"]["key"])
    second.post("/admin/accounts", 201, json={"handle": ada.handle + "b", "name": "Third", "role": None})


def test_only_an_administrator_makes_accounts(ada):
    ada.post("/admin/accounts", 403, json={"handle": ada.handle + "y", "name": "Y"})


def test_a_taken_handle_or_key_is_a_conflict(admin, ada):
    admin.post("/admin/accounts", 409, json={"handle": ada.handle, "name": "Again"})
    admin.post("/admin/accounts", 409, json={"handle": ada.handle.upper(), "name": "Again"})
    admin.post("/admin/accounts", 409, json={"handle": ada.handle + "z", "name": "Again", "key": ada.key})


@pytest.mark.parametrize("fields", [
    {"handle": None}, {"handle": ""}, {"handle": "a b"}, {"handle": "é"}, {"handle": "x" * 31}, {"handle": 1},
    {"name": None}, {"name": ""}, {"name": " \t "}, {"name": "x" * 101}, {"name": ["x"]},
    {"key": ""}, {"key": "x" * 257}, {"key": "a b"}, {"key": "ü"}, {"key": 7}, {"role": "owner"}, {"role": 1},
])
def test_an_account_out_of_bounds_is_refused(admin, ada, fields):
    admin.post("/admin/accounts", 422, json={"handle": ada.handle[:29] + "v", "name": "V", **fields})


def test_an_account_is_found_by_its_handle(ada, brook):
    found = ada.get(f"/api/users?handle={brook.handle}")
    assert check(found, {"result": True, "user": USER})
    assert found["user"]["id"] == brook.id
    assert ada.get(f"/api/users?handle={brook.handle.upper()}") == found
    ada.get("/api/users?handle=nobody-has-this-handle", 404)
    ada.get("/api/users", 422)


def test_a_change_of_name_is_answered_with_the_user_and_shows_everywhere(ada, brook):
    own, other = ada.publish(), brook.publish()
    ada.post(f"/api/tweets/{other}/likes")
    ada.post(f"/api/users/{brook.id}/follow")
    brook.post(f"/api/users/{ada.id}/follow")
    before = ada.get("/api/users/me")["user"]
    for name in ["Ada L.", "Ædå 🐦 \"L\" with a name that is a good deal longer than most of the others"]:
        answer = ada.patch("/api/users/me", json={"name": f"  {name}\n", "more": None})
        assert check(answer, {"result": True, "user": USER})
        assert answer["user"] == {**before, "name": name}
        person, like = {"id": ada.id, "name": name}, {"user_id": ada.id, "name": name}
        for client in (ada, brook):
            for path in (f"/api/users/{ada.id}", f"/api/users?handle={ada.handle}"):
                assert client.get(path) == answer
            for path in ("/api/tweets", "/api/tweets?sort=newest"):
                feed = {tweet["id"]: tweet for tweet in client.get(path)["tweets"]}
                assert feed[own]["author"] == person and feed[other]["likes"] == [like]
            assert client.tweet(own)["author"] == person and client.tweet(other)["likes"] == [like]
            assert client.get(f"/api/users/{ada.id}/tweets")["tweets"][0]["author"] == person
            assert client.get(f"/api/tweets/{other}/likes")["likes"] == [like]
            user = client.get(f"/api/users/{brook.id}")["user"]
            assert user["followers"] == user["following"] == [person]
            for field in ("followers", "following"):
                assert client.get(f"/api/users/{brook.id}/{field}")["users"] == [person]


def test_a_handle_that_was_given_up_is_held_for_its_last_owner(admin, ada, brook):
    old, new = ada.handle, ada.handle[:28] + ".x"
    assert ada.patch("/api/users/me", json={"handle": new.upper()})["user"]["handle"] == new
    assert brook.get(f"/api/users?handle={new}")["user"]["id"] == ada.id
    brook.get(f"/api/users?handle={old}", 404)
    held = brook.patch("/api/users/me", 409, json={"handle": old, "name": "Not this either"})
    assert held["error_type"] == "handle_held" and old in held["error_message"]
    admin.post("/admin/accounts", 409, json={"handle": old, "name": "Again"})
    assert brook.get("/api/users/me")["user"]["name"] == brook.name
    brook.patch("/api/users/me", 409, json={"handle": new})
    assert ada.patch("/api/users/me", json={"handle": old})["user"]["handle"] == old
    assert brook.get(f"/api/users?handle={old}")["user"]["id"] == ada.id
    brook.get(f"/api/users?handle={new}", 404)


def test_a_change_to_what_is_there_is_no_event(ada):
    before = ada.position()
    assert ada.patch("/api/users/me", json={"name": ada.name, "handle": ada.handle}) == ada.get("/api/users/me")
    assert ada.position() == before


@pytest.mark.parametrize("body", [
    {}, {"nickname": "x"}, [], {"name": None}, {"name": "x", "handle": None}, {"name": 1}, {"name": ["x"]}, {"name": ""},
    {"name": " \t "}, {"name": "x" * 101}, {"handle": 1}, {"handle": ""}, {"handle": "a b"}, {"handle": "é"},
    {"handle": "x" * 31},
])
def test_a_change_out_of_bounds_is_refused(ada, body):
    answer = ada.patch("/api/users/me", 422, json=body)
    if isinstance(body, dict):
        assert any(field in answer["error_message"] for field in ("name", "handle"))
    assert ada.get("/api/users/me")["user"]["name"] == ada.name


def test_a_change_that_is_no_json_is_refused(ada):
    ada.patch("/api/users/me", 400, data="name=x")


def test_following_shows_on_both_sides_at_once(ada, brook):
    assert ada.post(f"/api/users/{brook.id}/follow") == DONE
    here, there = ada.get("/api/users/me")["user"], ada.get(f"/api/users/{brook.id}")["user"]
    assert here["following"] == [{"id": brook.id, "name": brook.name}] and here["followers"] == []
    assert there["followers"] == [{"id": ada.id, "name": ada.name}] and there["following"] == []
    assert (here["following_count"], here["followers_count"]) == (1, 0)
    assert (there["following_count"], there["followers_count"]) == (0, 1)
    assert ada.delete(f"/api/users/{brook.id}/follow") == DONE
    assert ada.get("/api/users/me")["user"]["following"] == []
    assert ada.get(f"/api/users/{brook.id}")["user"]["followers_count"] == 0


def test_following_twice_is_one_event(ada, brook):
    ada.delete(f"/api/users/{brook.id}/follow")
    before = ada.position()
    ada.post(f"/api/users/{brook.id}/follow")
    assert ada.position() == before + 1
    ada.post(f"/api/users/{brook.id}/follow")
    assert ada.position() == before + 1
    ada.delete(f"/api/users/{brook.id}/follow")
    ada.delete(f"/api/users/{brook.id}/follow")
    assert ada.position() == before + 2


def test_nobody_follows_themselves(ada):
    ada.post(f"/api/users/{ada.id}/follow", 400)


def test_followers_and_following_are_lists_newest_first(new_account):
    star, fans = new_account(), [new_account() for _ in range(5)]
    for fan in fans:
        fan.post(f"/api/users/{star.id}/follow")
        star.post(f"/api/users/{fan.id}/follow")
    expected = [{"id": fan.id, "name": fan.name} for fan in reversed(fans)]
    for name in ("followers", "following"):
        whole = star.get(f"/api/users/{star.id}/{name}")
        assert check(whole, page("users", PERSON))
        assert whole["users"] == expected and whole["next_cursor"] is None
        assert star.get("/api/users/me")["user"][name] == expected
        assert star.all_pages(f"/api/users/{star.id}/{name}", "users", 2) == expected


def test_tweets_are_counted(ada):
    ids = [ada.publish() for _ in range(3)]
    assert ada.get("/api/users/me")["user"]["tweets_count"] == 3
    ada.delete(f"/api/tweets/{ids[0]}")
    assert ada.get("/api/users/me")["user"]["tweets_count"] == 2
