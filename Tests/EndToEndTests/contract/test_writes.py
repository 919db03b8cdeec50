import os
import subprocess

import pytest

import samples

RESTART = os.environ.get("MARTLET_RESTART")
BAD_KEYS = ["", "a b", "é".encode(), "x" * 256, "\x7f"]


def test_the_same_key_gives_the_first_answer_and_no_second_event(ada):
    headers = {"Idempotency-Key": "k" * 255}
    body = {"tweet_data": "Once."}
    answer = ada.post("/api/tweets", 201, json=body, headers=headers)
    before = ada.position()
    assert ada.post("/api/tweets", 201, json=body, headers=headers) == answer
    assert ada.position() == before
    assert len(ada.get("/api/tweets")["tweets"]) == 1


def test_the_same_key_with_another_request_is_refused(ada):
    headers = {"Idempotency-Key": "one"}
    tweet = ada.post("/api/tweets", 201, json={"tweet_data": "Once."}, headers=headers)["tweet_id"]
    ada.post("/api/tweets", 422, json={"tweet_data": "Twice."}, headers=headers)
    ada.post(f"/api/tweets/{tweet}/likes", 422, headers=headers)
    assert ada.tweet(tweet)["likes_count"] == 0


def test_keys_of_different_accounts_do_not_meet(ada, brook):
    headers = {"Idempotency-Key": "same"}
    tweets = [
        client.post("/api/tweets", 201, json={"tweet_data": "Mine."}, headers=headers)["tweet_id"]
        for client in (ada, brook)
    ]
    assert tweets[0] != tweets[1]


def test_every_write_takes_a_key(ada, brook):
    content = samples.gif()
    once = [ada.post("/api/medias", 201, files={"file": ("a", content)}, headers={"Idempotency-Key": "up"}) for _ in "ab"]
    assert once[0] == once[1]
    tweet = ada.publish()
    for number, (method, path) in enumerate([
        ("PUT", f"/api/tweets/{tweet}/medias/{once[0]['media_id']}"), ("POST", f"/api/tweets/{tweet}/likes"),
        ("DELETE", f"/api/tweets/{tweet}/likes"), ("POST", f"/api/users/{brook.id}/follow"),
        ("DELETE", f"/api/users/{brook.id}/follow"), ("DELETE", f"/api/tweets/{tweet}"),
    ]):
        for _ in range(2):
            ada.ask(method, path, headers={"Idempotency-Key": f"write-{number}"})


def test_a_change_of_names_takes_a_key(ada):
    headers = {"Idempotency-Key": "names"}
    answer = ada.patch("/api/users/me", json={"name": "Once"}, headers=headers)
    before = ada.position()
    assert ada.patch("/api/users/me", json={"name": "Once"}, headers=headers) == answer
    ada.patch("/api/users/me", 422, json={"name": "Twice"}, headers=headers)
    assert ada.position() == before and ada.get("/api/users/me") == answer


@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_bad_key_is_refused(ada, key):
    ada.post("/api/tweets", 400, json={"tweet_data": "x"}, headers={"Idempotency-Key": key})
    assert ada.get("/api/tweets")["tweets"] == []


def test_every_answer_names_its_position_and_positions_only_grow(ada, anyone):
    answers = [
        ada.ask("POST", "/api/tweets", 201, json={"tweet_data": "x"}), ada.ask("GET", "/api/tweets"),
        ada.ask("GET", "/api/nope", 404), anyone.ask("GET", "/api/tweets", 401), anyone.ask("GET", "/healthz"),
    ]
    positions = [int(answer.headers["Martlet-Position"]) for answer in answers]
    assert positions == sorted(positions)
    assert positions[0] >= answers[0].json()["tweet_id"]


def test_another_client_reads_what_it_was_told_of(ada, brook):
    written = ada.ask("POST", "/api/tweets", 201, json={"tweet_data": "x"})
    headers = {"Martlet-Wait": written.headers["Martlet-Position"]}
    read = brook.ask("GET", f"/api/tweets/{written.json()['tweet_id']}", headers=headers)
    assert int(read.headers["Martlet-Position"]) >= int(headers["Martlet-Wait"])


def test_a_position_that_is_not_reached_is_answered_after_a_while(ada):
    ada.ask("GET", "/api/tweets", 503, headers={"Martlet-Wait": str(ada.position() + 100_000)})
    ada.ask("GET", "/api/tweets", 422, headers={"Martlet-Wait": str(ada.position() + 1_000_000)})
    assert ada.get("/api/tweets", headers={"Martlet-Wait": "0"})["tweets"] == []


@pytest.mark.parametrize("wait", ["-1", "x", "1.5", "", "9007199254740992", "99999999999999999999", "1 2"])
def test_a_bad_position_is_refused(ada, wait):
    ada.ask("GET", "/api/tweets", 400, headers={"Martlet-Wait": wait})


@pytest.mark.skipif(not RESTART, reason="MARTLET_RESTART is not set")
def test_what_was_acknowledged_is_there_after_a_restart(ada, brook, anyone):
    headers, body = {"Idempotency-Key": "over-a-restart"}, {"tweet_data": "Lasts.", "tweet_media_ids": [ada.upload(samples.gif())]}
    answer = ada.post("/api/tweets", 201, json=body, headers=headers)
    brook.post(f"/api/tweets/{answer['tweet_id']}/likes")
    brook.post(f"/api/users/{ada.id}/follow")
    ada.patch("/api/users/me", json={"name": "Ada after all", "handle": ada.handle[:28] + ".r"})
    tweet, user, position = ada.tweet(answer["tweet_id"]), ada.get("/api/users/me"), ada.position()
    subprocess.run(RESTART, shell=True, check=True, timeout=120)
    for client in (ada, brook, anyone):
        client.session.close()
    assert ada.position() == position
    assert ada.tweet(answer["tweet_id"]) == tweet and ada.get("/api/users/me") == user
    assert user["user"]["name"] == tweet["author"]["name"] == "Ada after all"
    brook.patch("/api/users/me", 409, json={"handle": ada.handle})
    assert anyone.ask("GET", tweet["attachments"][0]).content
    assert ada.post("/api/tweets", 201, json=body, headers=headers) == answer
    assert ada.position() == position
