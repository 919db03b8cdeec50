import re
import time

import requests

from conftest import URL
from shapes import INSTANT, check

NAMES = {"accounts", "media", "posts", "likes", "follows", "pins"}
PROJECTOR = {
    "name": str, "version": int, "position": int, "lag_events": int, "lag_seconds": float, "events_per_second": float,
    "state": str, "percent": (float, None), "reason": (str, None),
}
RUNNING = {
    "state": "running", "started_at": INSTANT, "events": int, "percent": float, "seconds": float,
    "eta_seconds": (float, None),
}
DONE = {
    "state": "done", "started_at": INSTANT, "position": int, "events": int, "seconds": float,
    "events_per_second": float, "swap_milliseconds": float,
}


def rebuilt(admin):
    """Waits for the end of a rebuild and answers what became of it."""
    while (rebuild := admin.get("/admin/projectors")["rebuild"])["state"] == "running":
        time.sleep(0.05)
    return rebuild


def begin(admin):
    rebuilt(admin)
    return admin.post("/admin/replay", 202)["rebuild"]


def test_the_projectors_are_live_and_at_the_log(admin, ada):
    ada.publish()
    answer = admin.get("/admin/projectors")
    assert check(answer["log"], {"position": int, "time": INSTANT})
    assert {projector["name"] for projector in answer["projectors"]} == NAMES
    for projector in answer["projectors"]:
        assert check(projector, PROJECTOR)
        assert (projector["state"], projector["lag_events"]) == ("live", 0)
        assert projector["position"] == answer["log"]["position"]


def test_a_rebuild_changes_no_answer(admin, ada, brook):
    tweet = ada.publish("Stays.")
    brook.post(f"/api/tweets/{tweet}/likes")
    brook.post(f"/api/users/{ada.id}/follow")
    paths = [f"/api/tweets/{tweet}", "/api/tweets", f"/api/users/{ada.id}", f"/api/users/{ada.id}/followers"]
    before = [brook.get(path) for path in paths]
    began = begin(admin)
    assert check({**began, "state": "running"}, {**RUNNING, "state": str})
    done = rebuilt(admin)
    assert check({**done, "state": "done"}, {**DONE, "state": str})
    assert done["state"] == "done" and done["started_at"] == began["started_at"]
    assert done["events"] == done["position"] >= tweet
    assert [brook.get(path) for path in paths] == before


def test_only_an_administrator_sees_projectors_and_begins_a_rebuild(ada):
    ada.get("/admin/projectors", 403)
    ada.post("/admin/replay", 403)


def test_the_metrics_tell_the_same(admin):
    rebuilt(admin)
    text = requests.get(URL + "/metrics", timeout=60).text
    for name in NAMES:
        assert re.search(rf'^martlet_read_model_state{{model="{name}",state="live"}} 1$', text, re.M)
        assert re.search(rf'^martlet_read_model_lag_events{{model="{name}"}} \d+$', text, re.M)
    assert len(re.findall(r'^martlet_rebuild_state{state="\w+"} 1$', text, re.M)) == 1
