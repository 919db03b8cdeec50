"""Attacks a server in every way of the tables, and says what became of it: `python3 Tests/Attack --help`.

Standard library only. First each row of the grammar's table, alone; then the crowd, all attacks at once, while quiet
clients measure how long others wait; at the end whether anything is left of it in the server. Status 0 if all is right.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

import grammar_bodies
import grammar_forms
import grammar_heads
from observed import MIB, Peak, Server
from quiet import Latencies, QuietClients
from row import check_rows
from wire import Target

# How much slower others may become than in the quiet.
TIMES = 5
# Anonymous memory in bytes, at most while it is attacked, and what may be left of it after.
PEAK, LEFT = 512 * MIB, 64 * MIB
# How long the server may take to let go of what the attackers leave behind, in seconds.
SETTLING = 45


class Findings:
    """What was checked, and what came of it."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0

    def add(self, name: str, is_right: bool, words: str = "") -> None:
        self.passed += is_right
        self.failed += not is_right
        print(f"  {'ok    ' if is_right else 'FAILED'} {name}" + (f": {words}" if words else ""), flush=True)


def check_grammar(options: argparse.Namespace, findings: Findings) -> None:
    rows = [row for module in (grammar_heads, grammar_bodies, grammar_forms) for row in module.rows(options.row_key)]
    print(f"The grammar, {len(rows)} rows, each on a connection of its own:", flush=True)
    wrong = asyncio.run(check_rows(rows, Target(options.url)))
    for row, complaint in wrong:
        findings.add(row.name, False, complaint)
    findings.passed += len(rows) - len(wrong)
    print(f"  {len(rows) - len(wrong)} of {len(rows)} are right")


def attack(options: argparse.Namespace, server: Server, findings: Findings) -> dict[str, Latencies]:
    command = [sys.executable, str(Path(__file__).parent / "attackers.py"), "--url", options.url, "--row-key", options.row_key,
               "--seconds", str(options.seconds), "--idle", str(options.idle), "--share", str(options.cpu_share)]
    for key in options.attack_key:
        command += ["--key", key]
    if options.only:
        command += ["--only", options.only]
    attackers = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    peak = Peak(server)
    peak.start()
    during = QuietClients(options.url, options.key).measure(options.seconds)
    try:
        output, _ = attackers.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        attackers.kill()
        output, _ = attackers.communicate()
    peak.stop()
    if attackers.returncode != 0:
        findings.add("the attackers did their work", False, f"they ended with status {attackers.returncode}")
        return during
    report = json.loads(output)
    print(f"  the attackers, held to {options.cpu_share:.2f} of a core, used {report['cpu']:.2f}")
    if report["idle"] < options.idle:
        print(f"  only {report['idle']} instead of {options.idle} connections idle: no more files may be open (ulimit -n)")
    for seen in report["attacks"]:
        counts = ", ".join(f"{name} {count}" for name, count in seen["counts"].items())
        longest = f"; held for at most {seen['longest']:.0f} s" if seen["longest"] else ""
        findings.add(seen["name"], not seen["complaints"], counts + longest)
        for complaint in seen["complaints"]:
            print(f"           {complaint}")
    findings.add(f"memory at its peak, at most {PEAK // MIB} MiB anonymous", peak.memory.anonymous <= PEAK,
                 f"{peak.memory.words}, {peak.descriptors} descriptors")
    return during


def settled(what: str, most: int, now, findings: Findings) -> None:
    """Waits until a number has come down again."""
    start = time.monotonic()
    while (count := now()) > most and time.monotonic() - start < SETTLING:
        time.sleep(0.5)
    findings.add(f"{what} are as before", count <= most, f"{count}, {time.monotonic() - start:.0f} s after the attack; before at most {most}")


def is_right(server: Server, key: str) -> str | None:
    """Asks for some things that a whole server does; the complaint."""
    if (answer := server.ask("GET", "/readyz"))[0] != 200:
        return f"/readyz answers {answer}"
    status, body = server.ask("POST", "/api/tweets", key, {"tweet_data": "Still there."})
    if status != 201:
        return f"a post is answered with {status}: {body!r}"
    status, body = server.ask("GET", f"/api/tweets/{json.loads(body)['tweet_id']}", key)
    if status != 200 or json.loads(body)["tweet"]["content"] != "Still there.":
        return f"the new post is answered with {status}: {body!r}"
    status, body = server.ask("GET", "/api/tweets?limit=20&sort=newest", key)
    return None if status == 200 and json.loads(body)["tweets"][0]["content"] == "Still there." else f"the feed is {status}: {body[:200]!r}"


def main() -> int:
    options = argparse.ArgumentParser(prog="Tests/Attack", description=__doc__.split("\n")[0])
    options.add_argument("--url", required=True, help="where the server is, such as http://127.0.0.1:8080")
    options.add_argument("--pid", type=int, required=True, help="its process, on this machine")
    options.add_argument("--key", required=True, help="of the quiet clients' account")
    options.add_argument("--row-key", required=True, help="of an account that asks the rows of the grammar")
    options.add_argument("--attack-key", action="append", required=True, help="of an account of the attackers; several")
    options.add_argument("--seconds", type=float, default=600, help="how long the crowd attacks (default: %(default)s)")
    options.add_argument("--idle", type=int, default=10_000, help="how many connections idle (default: %(default)s)")
    options.add_argument("--cpu-share", type=float, default=0.4, help="of a core, for all attackers (default: %(default)s)")
    options.add_argument("--allowed-p99", type=float, default=0.010,
                         help="seconds that others may take at the 99th percentile, however quick they were in the quiet (default: %(default)s)")
    options.add_argument("--only", help="one attack alone, such as SlowHeads; no grammar")
    options = options.parse_args()

    findings = Findings()
    server = Server(options.url, options.pid)
    if not options.only:
        check_grammar(options, findings)
    connections, descriptors, memory = server.connections, server.descriptors, server.memory
    print(f"\nThe crowd, all at once for {options.seconds:.0f} s, beside quiet clients:", flush=True)
    calm = max(5, min(20, options.seconds / 4))
    before = QuietClients(options.url, options.key).measure(calm)
    during = attack(options, server, findings)
    findings.add("the server is alive", server.is_alive)
    if server.is_alive:
        # A connection or two may be on their way out from the measurement itself.
        settled("open connections", max(connections, 2), lambda: server.connections, findings)
        settled("open descriptors", descriptors + 2, lambda: server.descriptors, findings)
        after = QuietClients(options.url, options.key).measure(calm)
        for name in before:
            allowed = max(TIMES * before[name].at(0.99), options.allowed_p99)
            for moment, found in [("before", before), ("during", during), ("after", after)]:
                good = not found[name].errors and (found is before or found[name].at(0.99) <= allowed)
                findings.add(f"{name:10} {moment:6}", good, found[name].words + (f", p99 allowed {allowed * 1000:.1f}" if found is during else ""))
        share = server.idle_share(3)
        findings.add("the processor is idle again", share <= 0.05, f"{share * 100:.1f} % of a core over 3 s")
        left = server.memory
        findings.add(f"memory is as before, {LEFT // MIB} MiB more at most", left.anonymous <= memory.anonymous + LEFT,
                     f"before {memory.words}, after {left.words}")
        complaint = is_right(server, options.key)
        findings.add("requests are answered right", complaint is None, complaint or "")
    print(f"\n{findings.passed} passed, {findings.failed} failed")
    return 1 if findings.failed else 0


if __name__ == "__main__":
    sys.exit(main())
