"""The command: `Benchmarks/martlet-bench` runs this in a virtual environment that it makes."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import os
import signal
import sys
import time
from pathlib import Path

from . import plots, report
from .bench import Bench, Plan
from .processes import Failure
from .progress import Progress
from .rows import Results
from .run import CASES, run_all
from .senders import Senders
from .workplace import Workplace


MINUTES = 50
"""How long a whole run may take, what must be built before not counted."""


def plan(options: argparse.Namespace) -> Plan:
    """How much to measure."""
    if options.quick:
        data = [("generated", 100_000)]
        made = Plan(True, data, data, warm=1, peer_warm=2, limit=0.7, closed=2, open=1, rebuilds=3, connections=(64,))
    else:
        # The largest comes second: what a run has no time for any more is missing, and growth is a goal.
        data = [("generated", 100_000), ("generated", 10_000_000), ("generated", 1_000_000), ("higgs", 1_000_000)]
        made = Plan(False, data, data[2:], warm=1, peer_warm=2, limit=1, closed=3, open=2, minutes=MINUTES)
    changes: dict[str, object] = {}
    if options.data:
        changes["data"] = changes["peers_at"] = [_data_set(text) for text in options.data]
    if options.no_peers:
        changes["peers_at"] = []
    if options.seconds:
        changes |= {"warm": 1, "peer_warm": options.seconds, "limit": options.seconds / 2, "closed": options.seconds, "open": options.seconds}
    if options.budget is not None:
        changes["minutes"] = options.budget
    if options.connections:
        changes["connections"] = options.connections
    return Plan(**{**vars(made), **changes})


def _data_set(text: str) -> tuple[str, int]:
    source, _, size = text.partition(":")
    if source not in ("generated", "higgs") or not size.isdigit():
        raise argparse.ArgumentTypeError(f"{text} is not generated:SIZE or higgs:SIZE")
    return source, int(size)


def parse(arguments: list[str]) -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        "martlet-bench", description="Measures Martlet, what the machine allows, and the peers, in one run.")
    parser.add_argument("--quick", action="store_true", help="100,000 events and few variants, planned for 3 minutes")
    parser.add_argument("--data", action="append", type=str, metavar="SOURCE:SIZE",
                        help="generated:100000 or higgs:1000000; may come more than once")
    parser.add_argument("--cases", default="", metavar="NAMES",
                        help="only these, with commas: " + ", ".join(CASES))
    parser.add_argument("--peers", default="postgres,redis,eventsourcing", metavar="NAMES", help="only these peers")
    parser.add_argument("--no-peers", action="store_true", help="leave the peers out")
    parser.add_argument("--seconds", type=float, metavar="S", help="how long each measurement takes")
    parser.add_argument("--budget", type=float, metavar="MINUTES",
                        help=f"begin nothing after so long, and report it as missing ({MINUTES})")
    parser.add_argument("--connections", type=int, action="append", metavar="N", help="for the durable commands")
    parser.add_argument("--program", type=Path, metavar="FILE", help="the martlet to measure, instead of building one")
    parser.add_argument("--parent", type=Path, metavar="FILE",
                        help="the martlet of the commit before, instead of building one")
    parser.add_argument("--output", type=Path, metavar="DIR", help="instead of docs/benchmarks/<date>")
    parser.add_argument("--work", type=Path, metavar="DIR",
                        default=Path(os.environ.get("MARTLET_BENCH_DIR", "/var/tmp/martlet-bench")),
                        help="where data sets are kept; $MARTLET_BENCH_DIR, or /var/tmp/martlet-bench")
    parser.add_argument("--redraw", type=Path, metavar="DIR", help="measure nothing; write table and plots of DIR/results.json anew")
    return parser.parse_args(arguments)


def main() -> int:
    """Runs everything; the status is 0 also when something is missing, since the rest is there."""
    options = parse(sys.argv[1:])
    if options.redraw:
        old, about = report.read(options.redraw)
        report.write(old, about, options.redraw)
        plots.draw(old, options.redraw)
        return 0
    progress, results = Progress(), Results()
    names = [name for name in options.cases.split(",") if name]
    peers = [name for name in options.peers.split(",") if name]
    program = options.program.resolve() if options.program else None
    place = Workplace(options.work.resolve(), program)
    place.parent_program = options.parent.resolve() if options.parent else None
    date = datetime.date.today().isoformat()
    output = options.output or place.repository / "docs/benchmarks" / (f"{date}-quick" if options.quick else date)
    try:
        progress.step("building")
        place.build()
        if "append" in (names or CASES):
            # Here it does not count for the budget. Where it fails, the case says why it is missing.
            with contextlib.suppress(Failure):
                place.build_append()
        progress.result(str(place.martlet))
        bench = Bench(place, plan(options), progress, results, Senders(place), os.cpu_count() or 1)
    except (Failure, argparse.ArgumentTypeError) as failure:
        print(f"martlet-bench: {failure}", file=sys.stderr)
        return 1
    about = report.environment(place.repository) | {"date": date, "command": " ".join(sys.argv[1:]) or "(whole)"}
    began = time.monotonic()
    if bench.plan.minutes is not None:
        bench.deadline = began + 60 * bench.plan.minutes

    def keep() -> None:
        about["seconds"] = round(time.monotonic() - began)
        results.compare_with_peers()
        report.write(results, about, output)
        plots.draw(results, output)

    # As Ctrl-C does: servers are stopped in order, and what was measured is written.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        run_all(bench, names, peers, keep)
    except KeyboardInterrupt:
        about["stopped"] = "before the end: rows are missing that nothing below names"
        progress.result("stopped; what was measured is kept")
    keep()
    progress.result(f"{len(results.rows)} rows, {len(results.missing)} missing: {output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
