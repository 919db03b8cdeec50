"""The process of the attackers: `python3 attackers.py OPTIONS`. Its output is one JSON object, what each attack saw."""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import time

import crowd_connections
import crowd_requests
from crowd import Field, Pace, run_attacks
from wire import Target


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--url", required=True)
    options.add_argument("--key", action="append", required=True)
    options.add_argument("--row-key", required=True)
    options.add_argument("--seconds", type=float, required=True)
    options.add_argument("--idle", type=int, required=True)
    options.add_argument("--share", type=float, required=True)
    options.add_argument("--only", help="the name of one attack's class")
    chosen = options.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    # All other attacks together need 3,000 descriptors at most.
    idle = chosen.idle if most == resource.RLIM_INFINITY else max(0, min(chosen.idle, most - 3000))

    field = Field(Target(chosen.url), chosen.key, chosen.row_key, Pace(chosen.share), chosen.seconds, idle)
    attacks = crowd_connections.attacks(field) + crowd_requests.attacks(field)
    if chosen.only:
        attacks = [attack for attack in attacks if type(attack).__name__ == chosen.only]
    start = time.monotonic()
    asyncio.run(run_attacks(attacks))
    print(json.dumps({
        "cpu": time.process_time() / (time.monotonic() - start), "idle": idle,
        "attacks": [{"name": attack.name, "counts": dict(sorted(attack.counts.items())), "longest": attack.longest,
                     "complaints": attack.complaints} for attack in attacks]}))


if __name__ == "__main__":
    main()
