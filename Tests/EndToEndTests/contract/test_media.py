import http.client
import os
from urllib.parse import urlsplit

import pytest

import samples
from conftest import URL
from shapes import DONE, check

LIMIT = int(os.environ.get("MARTLET_MEDIA_LIMIT", "0"))


def attached(client, *contents):
    """A tweet with these files; its id and the paths of the files."""
    tweet = client.publish(tweet_media_ids=[client.upload(content) for content in contents])
    return tweet, client.tweet(tweet)["attachments"]


@pytest.mark.parametrize("sample, kind, ending", samples.KINDS)
def test_a_file_is_shown_to_everybody_as_it_was_sent(ada, anyone, sample, kind, ending):
    content = sample()
    answer = ada.post("/api/medias", 201, files={"file": ("evil.html", content, "text/html")})
    assert check(answer, {"result": True, "media_id": int})
    tweet = ada.publish(tweet_media_ids=[answer["media_id"]])
    [path] = ada.tweet(tweet)["attachments"]
    assert path.endswith(ending)
    file = anyone.ask("GET", path)
    assert file.content == content
    assert file.headers["Content-Type"] == kind
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Accept-Ranges"] == "bytes"
    assert "immutable" in file.headers["Cache-Control"] and "max-age=" in file.headers["Cache-Control"]


def test_a_copy_at_hand_is_not_sent_again(ada, anyone):
    _, [path] = attached(ada, samples.png())
    tag = anyone.ask("GET", path).headers["ETag"]
    assert tag.startswith('"') and tag.endswith('"')
    for header in (tag, f'"other", {tag}', "W/" + tag, "*"):
        answer = anyone.ask("GET", path, 304, headers={"If-None-Match": header})
        assert answer.content == b"" and answer.headers["ETag"] == tag
    anyone.ask("GET", path, 200, headers={"If-None-Match": '"other"'})


def test_a_range_of_a_file_is_sent(ada, anyone):
    content = samples.png()
    size = len(content)
    _, [path] = attached(ada, content)
    for wanted, first, last in [
        ("0-3", 0, 3), ("4-", 4, size - 1), ("-5", size - 5, size - 1), (f"0-{size * 2}", 0, size - 1),
        (f"{size - 1}-", size - 1, size - 1), (f"-{size * 2}", 0, size - 1),
    ]:
        answer = anyone.ask("GET", path, 206, headers={"Range": f"bytes={wanted}"})
        assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{size}"
        assert answer.content == content[first:last + 1]
    answer = anyone.ask("GET", path, 416, headers={"Range": f"bytes={size}-"})
    assert answer.headers["Content-Range"] == f"bytes */{size}"
    for ignored in ("bytes=3-1", "bytes=x", "lines=0-1", "bytes", ""):
        assert anyone.ask("GET", path, 200, headers={"Range": ignored}).content == content


@pytest.mark.parametrize("path", [
    "/media/nope", "/media/" + "0" * 64 + ".png", "/media/", "/media", "/media/..%2f..%2fetc%2fpasswd",
    "/media/%2e%2e/%2e%2e/etc/passwd", "/media/" + "0" * 64, "/media/a/b",
])
def test_no_other_path_under_media_gives_a_file(path):
    # Not through requests, which would resolve the dots before it sends them.
    connection = http.client.HTTPConnection(urlsplit(URL).netloc, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    assert answer.status in (400, 404)
    assert "html" not in answer.headers["Content-Type"]
    connection.close()


@pytest.mark.parametrize("content", [
    b"plain text", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"\x00" * 64, b"GIF8", b"RIFF\x00\x00\x00\x00WAVE",
    b"<html><script>alert(1)</script>",
])
def test_a_file_of_an_unknown_type_is_refused_whatever_it_says_of_itself(ada, content):
    ada.post("/api/medias", 415, files={"file": ("picture.png", content, "image/png")})


def test_an_upload_without_a_file_is_refused(ada):
    ada.post("/api/medias", 422, files={"other": ("a.png", samples.png())})
    ada.post("/api/medias", 422, files={"file": ("a.png", b"")})
    ada.post("/api/medias", 422, data=b"")
    ada.post("/api/medias", 422, json={"file": "x"})


def test_other_parts_of_the_form_are_ignored(ada):
    ada.post("/api/medias", 201, files={"file": ("a.png", samples.png())}, data={"title": "A dot", "more": "x" * 1000})


@pytest.mark.skipif(not LIMIT, reason="MARTLET_MEDIA_LIMIT is not set")
def test_a_file_has_at_most_so_many_bytes(ada):
    content = samples.gif()
    ada.upload(content + b"\x00" * (LIMIT - len(content)))
    ada.post("/api/medias", 413, files={"file": ("a.gif", content + b"\x00" * (LIMIT + 1 - len(content)))})
    assert ada.get("/api/users/me")["user"]["id"] == ada.id


def test_attachments_keep_their_order(ada):
    contents = [sample() for sample, _, _ in samples.KINDS]
    media = [ada.upload(content) for content in contents]
    tweet = ada.publish(tweet_media_ids=media[::-1])
    endings = [ending for _, _, ending in samples.KINDS]
    assert [path[path.rindex("."):] for path in ada.tweet(tweet)["attachments"]] == endings[::-1]


def test_ten_media_fit_on_a_tweet_and_no_eleventh(ada):
    media = [ada.upload(samples.gif()) for _ in range(11)]
    ada.post("/api/tweets", 422, json={"tweet_data": "x", "tweet_media_ids": media})
    tweet = ada.publish(tweet_media_ids=media[:10])
    assert len(ada.tweet(tweet)["attachments"]) == 10
    ada.put(f"/api/tweets/{tweet}/medias/{media[10]}", 422)


def test_media_on_a_tweet_are_the_authors_own_and_on_no_other_tweet(ada, brook):
    own, anothers = ada.upload(samples.gif()), brook.upload(samples.gif())
    ada.post("/api/tweets", 403, json={"tweet_data": "x", "tweet_media_ids": [own, anothers]})
    ada.post("/api/tweets", 404, json={"tweet_data": "x", "tweet_media_ids": [own, 2**53 - 1]})
    ada.post("/api/tweets", 404, json={"tweet_data": "x", "tweet_media_ids": [ada.id]})
    ada.publish(tweet_media_ids=[own])
    ada.post("/api/tweets", 409, json={"tweet_data": "x", "tweet_media_ids": [own]})


def test_a_medium_is_attached_to_a_tweet_that_is_there(ada, brook):
    tweet, [before] = attached(ada, samples.gif())
    medium = ada.upload(samples.png())
    assert ada.put(f"/api/tweets/{tweet}/medias/{medium}") == DONE
    after = ada.tweet(tweet)["attachments"]
    assert len(after) == 2 and after[0] == before and after[1].endswith(".png")
    assert ada.put(f"/api/tweets/{tweet}/medias/{medium}") == DONE
    assert ada.tweet(tweet)["attachments"] == after
    other = ada.publish()
    ada.put(f"/api/tweets/{other}/medias/{medium}", 409)
    ada.put(f"/api/tweets/{tweet}/medias/{brook.upload(samples.gif())}", 403)
    brook.put(f"/api/tweets/{tweet}/medias/{brook.upload(samples.gif())}", 403)
    ada.put(f"/api/tweets/{tweet}/medias/{2**53 - 1}", 404)
    ada.put(f"/api/tweets/{tweet}/medias/x", 400)


def test_a_deleted_tweet_takes_its_media_with_it(ada, anyone):
    medium = ada.upload(samples.gif())
    tweet = ada.publish(tweet_media_ids=[medium])
    [path] = ada.tweet(tweet)["attachments"]
    ada.delete(f"/api/tweets/{tweet}")
    anyone.ask("GET", path, 404)
    ada.post("/api/tweets", 404, json={"tweet_data": "x", "tweet_media_ids": [medium]})


def test_the_same_file_on_another_tweet_stays(ada, brook, anyone):
    content = samples.gif()
    tweet, [path] = attached(ada, content)
    _, [other] = attached(brook, content)
    ada.delete(f"/api/tweets/{tweet}")
    assert anyone.ask("GET", other).content == content
