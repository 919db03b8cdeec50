"""The shapes of answers, exact: each field, no other, and each of its own type."""

import re

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
PATH = re.compile(r"/media/[0-9a-f]{64}\.(jpg|png|gif|webp|mp4)")

ERROR = {"result": False, "error_type": str, "error_message": str}
DONE = {"result": True}
PERSON = {"id": int, "name": str}
LIKE = {"user_id": int, "name": str}
TWEET = {
    "id": int, "content": str, "attachments": [PATH], "author": PERSON, "likes": [LIKE],
    "created_at": INSTANT, "likes_count": int, "liked": bool, "reply_to": (int, None),
}
USER = {
    "id": int, "name": str, "followers": [PERSON], "following": [PERSON],
    "handle": str, "created_at": INSTANT, "followers_count": int, "following_count": int, "tweets_count": int,
}


def page(field, shape):
    return {"result": True, field: [shape], "next_cursor": (str, None)}


def check(value, shape, where="answer"):
    """Fails with the place of the first difference."""
    if isinstance(shape, dict):
        assert isinstance(value, dict), f"{where} is {value!r}, no object"
        assert value.keys() == shape.keys(), f"{where} has {sorted(value)}, not {sorted(shape)}"
        for name, inner in shape.items():
            check(value[name], inner, f"{where}.{name}")
    elif isinstance(shape, list):
        assert isinstance(value, list), f"{where} is {value!r}, no array"
        for index, item in enumerate(value):
            check(item, shape[0], f"{where}[{index}]")
    elif isinstance(shape, tuple):
        assert value is None or check(value, shape[0], where)
    elif isinstance(shape, re.Pattern):
        assert isinstance(value, str) and shape.fullmatch(value), f"{where} is {value!r}, not like {shape.pattern}"
    elif isinstance(shape, bool):
        assert value is shape, f"{where} is {value!r}, not {shape}"
    else:
        # type() and not isinstance(): a bool is an int in Python, but not in JSON.
        assert type(value) is shape, f"{where} is {value!r}, no {shape.__name__}"
        assert shape is not int or value >= 0, f"{where} is {value}"
    return True
